/** Engines that speak PostgreSQL's protocol and SQL, each short of something. */
export type ProfileName = 'postgres' | 'pglite' | 'citus' | 'cockroach' | 'yugabyte'

/**
 * What an engine has and how it likes its tables. The storage asks its profile and never the engine's name; whatever a profile lacks, no
 * statement of the storage uses under it, which `guardDriver` proves.
 */
export interface Profile {
  readonly name: ProfileName
  /**
   * What keeps two processes apart that change the schema at once: an `advisory` lock, held in a transaction of its own; a `lease`, which
   * is a row that its holder renews; or one `transaction` around all steps, where the database has a single connection.
   */
  readonly migrationLock: 'advisory' | 'lease' | 'transaction'
  /** Whether a transaction undoes the definitions of tables made in it. */
  readonly transactionalDdl: boolean
  /**
   * How an index of a table with rows is built while writers go on: `concurrently` outside a transaction, always or only where the table
   * is `large`; `plain` where the engine builds that way by itself or nobody else can be writing.
   */
  readonly indexBuild: 'large' | 'concurrently' | 'plain'
  /**
   * What the change feed is ordered by and read up to: the transactions that the server still runs (`snapshot`), so that nothing is ever
   * passed over; or the clock and a lag (`clock`), so that what takes longer than the lag to commit is.
   */
  readonly feed: 'snapshot' | 'clock'
  /** Lag of the change feed in milliseconds where the host names none. */
  readonly feedLagMs: number
  /** Whether one statement may change a table in several of its parts. */
  readonly severalMutations: boolean
  /** Whether the planner may use an index without a condition on its first columns, by skipping from one of their values to the next. */
  readonly skipScans: boolean
  /** Whether a recursive query may go through the rows of all tenants. */
  readonly recursion: boolean
  readonly notify: boolean
  /** How row-level security learns the tenant: `set_config(…)` or, where that stays on the coordinator, `set local`. */
  readonly tenantSetting: 'function' | 'statement'
  /** Whether tables are spread by tenant with the functions of Citus. */
  readonly distribution: boolean
  /** Layout of primary keys: as they come, the tenant `hashed`, or `sharded` where rows are only ever added at the end. */
  readonly primaryKeys: 'plain' | 'hashed' | 'sharded'
  /** Clause that makes a column sort by code point; empty where text does by itself. */
  readonly collation: ' collate "C"' | ''
  /** Whether an index may say where missing values stand, be told an operator class, and a column how it is stored. */
  readonly fineTuning: boolean
}

const postgres: Profile = {
  name: 'postgres',
  migrationLock: 'advisory',
  transactionalDdl: true,
  indexBuild: 'large',
  feed: 'snapshot',
  feedLagMs: 250,
  severalMutations: true,
  skipScans: true,
  recursion: true,
  notify: true,
  tenantSetting: 'function',
  distribution: false,
  primaryKeys: 'plain',
  collation: ' collate "C"',
  fineTuning: true,
}

/** Transaction ids of these engines tell nothing about who committed before whom, so the feed goes by the clock. */
const distributed = { feed: 'clock', feedLagMs: 5_000, notify: false, skipScans: false } as const

const profiles: Readonly<Record<ProfileName, Profile>> = {
  postgres,
  pglite: { ...postgres, name: 'pglite', migrationLock: 'transaction', indexBuild: 'plain', feedLagMs: 0 },
  citus: {
    ...postgres,
    ...distributed,
    name: 'citus',
    indexBuild: 'concurrently',
    recursion: false,
    tenantSetting: 'statement',
    distribution: true,
  },
  cockroach: {
    ...postgres,
    ...distributed,
    name: 'cockroach',
    migrationLock: 'lease',
    transactionalDdl: false,
    indexBuild: 'plain',
    severalMutations: false,
    primaryKeys: 'sharded',
    collation: '',
    fineTuning: false,
  },
  yugabyte: {
    ...postgres,
    ...distributed,
    name: 'yugabyte',
    migrationLock: 'lease',
    transactionalDdl: false,
    indexBuild: 'plain',
    primaryKeys: 'hashed',
    fineTuning: false,
  },
}

/** The profile of a name. Throws `TypeError` when there is none. */
export function profileOf(name: ProfileName): Profile {
  if (!Object.hasOwn(profiles, name)) {
    throw new TypeError(`profile must be one of ${Object.keys(profiles).join(', ')}`)
  }
  return profiles[name]
}
