import type { PostgresConnection, PostgresDriver, Statement } from '../driver.js'
import type { ProfileName } from './profile.js'

interface Refusal {
  readonly what: string
  readonly pattern: RegExp
}

const refusal = (what: string, pattern: RegExp): Refusal => ({ what, pattern })

const severalStatements = refusal('several statements in one text', /;\s*\S/)
const advisoryLocks = refusal('advisory locks', /\bpg_(?:try_)?advisory_/)
const notify = refusal('LISTEN and NOTIFY', /^\s*(?:un)?listen\b|(?:\b|_)notify\b/)
const skipLocked = refusal('SKIP LOCKED', /\bskip\s+locked\b/)
const triggers = refusal('triggers', /\b(?:create|alter)\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b/)
const generatedColumns = refusal('generated columns', /\bgenerated\s+always\s+as\s*\(/)
const deferrable = refusal('deferrable constraints', /\bdeferrable\b/)
const exclusion = refusal('exclusion constraints', /\bexclude\s+using\b/)
const transactionIds = refusal(
  'transaction ids and snapshots',
  /\bpg_(?:current_)?(?:snapshot|xact)|\btxid_|\bxid8?\b|\b(?:xmin|xmax|cmin|cmax)\b/,
)
const expressionConflict = refusal(
  'ON CONFLICT on an expression',
  /\bon\s+conflict\s*\(\s*(?:\(|(?!(?:"[^"]+"|\w+)\s*[,)]))/,
)
const jsonComparison = refusal(
  'comparison of jsonb',
  /\b(?:where|and|or|not|when)\s+\(*\S+ (?:=|<>|is distinct from) \$\d+::jsonb|\bnullif\([^)]*::jsonb\)|=\s*any\(array\(select jsonb_array_elements\(/,
)
const merge = refusal('MERGE', /^\s*(?:with\b.*\))?\s*merge\s+into\b/s)
const groupingSets = refusal('grouping sets and percentiles', /\b(?:rollup|cube|grouping\s+sets|within\s+group)\b/)
const setConfig = refusal('set_config, which stays on the coordinator', /\bset_config\s*\(/)
const recursion = refusal('recursive queries', /\bwith\s+recursive\b/)
const concurrently = refusal('CONCURRENTLY', /\bconcurrently\b/)
const storageOptions = refusal('storage of columns', /\bset\s+storage\b/)
const indexNulls = refusal(
  'places of nulls in an index',
  /^\s*create\s+(?:unique\s+)?index\b.*\bnulls\s+(?:first|last)\b/s,
)

/** Texts a profile's engine would not take, or would take and not mean; see the reference of each engine. */
const refusals: Readonly<Record<ProfileName, readonly Refusal[]>> = {
  postgres: [severalStatements],
  pglite: [severalStatements, notify, concurrently],
  citus: [severalStatements, notify, triggers, setConfig, recursion, transactionIds, skipLocked],
  cockroach: [
    severalStatements,
    advisoryLocks,
    notify,
    skipLocked,
    triggers,
    generatedColumns,
    deferrable,
    exclusion,
    transactionIds,
    expressionConflict,
    jsonComparison,
    merge,
    groupingSets,
    concurrently,
    storageOptions,
    indexNulls,
  ],
  yugabyte: [
    severalStatements,
    advisoryLocks,
    notify,
    triggers,
    generatedColumns,
    deferrable,
    exclusion,
    transactionIds,
    concurrently,
    storageOptions,
  ],
}

const definesTables = /^\s*(?:create|alter|drop)\s/
const mutatedTable = /\b(?:insert\s+into|update|delete\s+from)\s+("[^"]+"\."[^"]+")/g

/** Whether DDL may stand in a transaction, and one statement may change a table in several parts. */
const hasTransactionalDdl = (profile: ProfileName): boolean => profile !== 'cockroach' && profile !== 'yugabyte'

/**
 * A driver that refuses what the engine of a profile lacks, with an error that says what, so that all the storage's statements can be
 * tried on plain PostgreSQL. It knows statements by their text alone.
 */
export function guardDriver(driver: PostgresDriver, profile: ProfileName): PostgresDriver {
  const guarded = (connection: PostgresConnection, inTransaction: boolean): PostgresConnection => ({
    countsRows: connection.countsRows === true,
    query: async (statement, options) => {
      requireAllowed(statement, profile, inTransaction)
      return connection.query(statement, options)
    },
    ...(connection.copy && {
      copy: async (text, chunks, options) => {
        requireAllowed({ text }, profile, inTransaction)
        await connection.copy?.(text, chunks, options)
      },
    }),
  })
  const { listen } = driver
  return {
    ...guarded(driver, false),
    transaction: (work, options) => driver.transaction((connection) => work(guarded(connection, true)), options),
    ...(listen && {
      listen: async (channel, hear) => {
        requireAllowed({ text: 'listen' }, profile, false)
        return listen(channel, hear)
      },
    }),
    close: () => driver.close(),
  }
}

/** Throws an error that names what a statement uses and the profile's engine lacks. */
export function requireAllowed({ text }: Pick<Statement, 'text'>, profile: ProfileName, inTransaction: boolean): void {
  const plain = withoutLiterals(text)
  const found = refusals[profile].find(({ pattern }) => pattern.test(plain))
  const refuse = (what: string): never => {
    throw new Error(`${profile} lacks ${what}: ${text.slice(0, 200)}`)
  }
  if (found) refuse(found.what)
  if (inTransaction && definesTables.test(plain) && !hasTransactionalDdl(profile)) refuse('DDL in a transaction')
  if (profile !== 'cockroach') return
  const tables = [...plain.matchAll(mutatedTable)].map(([, table]) => table)
  if (new Set(tables).size < tables.length) refuse('several mutations of one table in one statement')
}

/** Lower case, and what stands between quotes of texts left out: those are values. Names keep their quotes. */
function withoutLiterals(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'/g, "''").toLowerCase()
}
