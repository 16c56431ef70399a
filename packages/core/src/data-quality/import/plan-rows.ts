import { changesSomething, type EntityChange } from '../../entity/entity-change.js'
import { readMany } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type CrmError, type CrmErrorCode, isCrmError } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import { isEmptyCell } from './coerce-cell.js'
import type { MappedColumn } from './column-mapping.js'
import { DerivedClaims } from './derived-claims.js'
import type { StagedRow } from './import-batch-entity.js'
import type { ImportRowError, RowOutcome } from './import-report.js'
import type { FindOwners, ImportTarget, KeyOwners, MatchKey, RowInput } from './import-target.js'
import { type EmptyCells, patchFor, placeValue, rowInput } from './row-input.js'
import {
  type FoundRecords,
  findRecordsNamed,
  type NamedRecord,
  namedRecord,
  type RowReference,
} from './row-reference.js'

/** What an import does with rows that match a record, and with those that match none. */
export type ImportMode = 'create' | 'createAndUpdate' | 'update'

/** How rows become changes. */
export interface RowRules {
  readonly target: ImportTarget
  readonly columns: readonly MappedColumn[]
  /** Columns that name other records. */
  readonly references: readonly RowReference[]
  readonly mode: ImportMode
  /** Missing when every row is a new record. */
  readonly match?: MatchKey
  readonly lists: 'add' | 'replace'
  readonly empty: EmptyCells
}

/** What is planned for one row. */
export interface PlannedRow {
  readonly row: number
  readonly outcome: RowOutcome
  /** Of the record that is made or changed. */
  readonly id?: string
  readonly changes: readonly EntityChange[]
  readonly errors: readonly ImportRowError[]
}

interface ReadRow {
  readonly row: number
  readonly input: RowInput
  readonly errors: ImportRowError[]
  /** The match key. */
  readonly key: string | undefined
  /** The values that no other record may have, in the order of the target's; none of a row with errors. */
  readonly uniques: readonly (readonly string[])[]
  /** Records of other kinds that it names. */
  readonly named: readonly NamedRecord[]
  /** The match key and the unique values. */
  readonly claims: readonly string[]
}

/** Codes of errors that are the row's own: the rest goes up and ends the import. */
const ownCodes: ReadonlySet<CrmErrorCode> = new Set([
  'validation_failed',
  'access_denied',
  'conflict',
  'not_found',
  'rule_violated',
])

/** Whether an error concerns a row, not the whole import. */
export function isRowError(error: unknown): error is CrmError {
  return isCrmError(error) && ownCodes.has(error.code)
}

/** What planned rows mean or claim, and later rows therefore have to see. */
export interface Claims {
  /** Match keys and unique values. */
  readonly values: ReadonlySet<string>
  /** Ids of records that are changed. */
  readonly ids: ReadonlySet<string>
  /** What is derived for records of other kinds. */
  readonly derived: DerivedClaims
}

/** The plans of some rows. */
export interface PlannedRows {
  readonly planned: readonly PlannedRow[]
  readonly claims: Claims
}

/**
 * Plans rows from the first one on, with a fixed number of reads for all of them. Stops before a row that means a record, or
 * claims a unique value, that a row before it changes or claims: such a row has to see what the one before it leaves. A row that
 * changes nothing is in nobody's way. `before` are the claims of rows whose commit is under way. Also stops when the writes would be
 * more than `mostWrites`. At least one row is planned, unless it has to wait for those.
 */
export async function planRows(
  context: SessionContext,
  rules: RowRules,
  rows: readonly StagedRow[],
  mostWrites: number,
  before: readonly Claims[] = [],
): Promise<PlannedRows> {
  const values = new Set<string>()
  const ids = new Set<string>()
  const derived = new DerivedClaims()
  const claims: Claims = { values, ids, derived }
  const all = [...before, claims]
  const planned: PlannedRow[] = []
  let writes = 0
  while (planned.length < rows.length) {
    const read = readUntilRepeat(rules, rows, planned.length, all)
    const known = await lookUp(context, rules, read)
    for (const row of read) {
      const record = row.key === undefined ? undefined : known.records.get(row.key)
      if (record && all.some((earlier) => earlier.ids.has(record.id))) return { planned, claims }
      const plan = await planRow(context, rules, row, record, known)
      writes += mostWritesOf(context, plan.changes)
      if (planned.length > 0 && writes > mostWrites) return { planned, claims }
      if (all.some((earlier) => earlier.derived.clashesWith(plan.changes))) return { planned, claims }
      planned.push(plan)
      if (plan.changes.length === 0) continue
      for (const claim of row.claims) values.add(claim)
      if (record) ids.add(record.id)
      derived.add(plan.changes)
    }
    if (read.length === 0) break
  }
  return { planned, claims }
}

/** A change of a record is two writes, the record and its journal; all else is one. */
export function mostWritesOf({ registry }: SessionContext, changes: readonly EntityChange[]): number {
  let writes = 0
  for (const { kind, entity } of changes) {
    const isJournaled = kind === 'create' || kind === 'update' || kind === 'delete' || kind === 'restore'
    writes += isJournaled && registry.get(entity).kind === 'record' ? 2 : 1
  }
  return writes
}

/** Rows from one on, up to the first with a key or a unique value that is claimed already, or that a row before it has. */
function readUntilRepeat(
  rules: RowRules,
  rows: readonly StagedRow[],
  start: number,
  earlier: readonly Claims[],
): readonly ReadRow[] {
  const seen = new Set<string>()
  const read: ReadRow[] = []
  for (let index = start; index < rows.length; index++) {
    const row = readRow(rules, rows[index] as StagedRow)
    if (row.claims.some((claim) => seen.has(claim) || earlier.some(({ values }) => values.has(claim)))) break
    for (const claim of row.claims) seen.add(claim)
    read.push(row)
  }
  return read
}

/** The error of a row as it is listed. */
export function rowErrors(columns: readonly MappedColumn[], row: number, error: CrmError): ImportRowError[] {
  const { issues, field, remedy } = error.details
  const given = issues ?? [{ path: field ?? '', message: remedy === undefined ? error.message : remedy }]
  return given.map(({ path, message }) => {
    const column = columnOf(columns, path)
    return {
      row,
      ...(column !== undefined && { column }),
      ...(path !== '' && { field: path }),
      code: error.code,
      message,
    }
  })
}

function columnOf(columns: readonly MappedColumn[], path: string): string | undefined {
  const within = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}.`)
  const bare = path.replace(/\.\d+(?=\.|$)/g, '')
  const exact = columns.find(({ field }) => within(field.path, bare))
  return (exact ?? columns.find(({ field }) => within(bare, field.path)))?.column
}

function readRow({ target, columns, references, empty, match }: RowRules, [row, cells]: StagedRow): ReadRow {
  const { input, faults: own } = rowInput(columns, cells, empty)
  const faults = [...own]
  const named: NamedRecord[] = []
  for (const reference of references) {
    const cell = cells[reference.index]
    if (isEmptyCell(cell)) continue
    const read = namedRecord(reference, cell)
    if ('message' in read) faults.push(read)
    else named.push(read)
  }
  const errors: ImportRowError[] = faults.map((fault) => ({ row, ...fault, code: 'validation_failed' }))
  const key = errors.length > 0 ? undefined : match?.keyOf(input)
  if (match && key === undefined && errors.length === 0) {
    const column = columnOf(columns, match.field)
    const message = 'has no value to match on: fill it, or match on something else'
    errors.push({
      row,
      ...(column !== undefined && { column }),
      field: match.field,
      code: 'validation_failed',
      message,
    })
  }
  const uniques = errors.length > 0 ? [] : target.unique.map((unique) => unique.keysOf(input))
  return {
    row,
    input,
    errors,
    key,
    uniques,
    named,
    claims: errors.length > 0 ? [] : claimsOf(target, match, key, uniques),
  }
}

interface Known {
  /** Ids by match key. */
  readonly matches: KeyOwners
  /** The record of a match key, where it is exactly one that the actor may read. */
  readonly records: ReadonlyMap<string, Row>
  /** Ids by unique value, for each way of finding them. */
  readonly owners: ReadonlyMap<FindOwners, KeyOwners>
  readonly others: FoundRecords
}

const none: KeyOwners = new Map()

async function lookUp(
  context: SessionContext,
  { target, match, references }: RowRules,
  rows: readonly ReadRow[],
): Promise<Known> {
  const sound = rows.filter(({ errors }) => errors.length === 0)
  const keys = sound.flatMap(({ key }) => key ?? [])
  const asked = new Map<FindOwners, Set<string>>()
  const ask = (find: FindOwners, wanted: readonly string[]): void => {
    const known = asked.get(find)
    if (known) for (const each of wanted) known.add(each)
    else asked.set(find, new Set(wanted))
  }
  if (match) ask(match.find, keys)
  for (const [place, { find }] of target.unique.entries()) {
    ask(
      find,
      sound.flatMap(({ uniques }) => uniques[place] ?? []),
    )
  }
  const owners = new Map(
    await Promise.all(
      [...asked].map(
        async ([find, wanted]) => [find, wanted.size > 0 ? await find(context, [...wanted]) : none] as const,
      ),
    ),
  )
  const matches = (match && owners.get(match.find)) ?? none
  const single = new Map(
    keys.flatMap((key) => {
      const ids = matches.get(key)
      return ids?.length === 1 ? [[key, ids[0] as string] as const] : []
    }),
  )
  const found = single.size === 0 ? [] : await readMany(context, target.entity, [...new Set(single.values())])
  const byId = new Map(found.flatMap((row) => (row ? [[row.id, row] as const] : [])))
  const records = new Map<string, Row>()
  for (const [key, id] of single) {
    const row = byId.get(id)
    if (row) records.set(key, row)
  }
  const named = sound.flatMap((row) => row.named)
  return { matches, records, owners, others: await findRecordsNamed(context, references, named) }
}

function claimsOf(
  target: ImportTarget,
  match: MatchKey | undefined,
  key: string | undefined,
  uniques: ReadRow['uniques'],
): string[] {
  const claims = key === undefined ? [] : [`match ${match?.field ?? ''} ${key}`]
  for (const [place, { field }] of target.unique.entries())
    for (const value of uniques[place] ?? []) {
      const claim = `${field} ${value}`
      if (!claims.includes(claim)) claims.push(claim)
    }
  return claims
}

async function planRow(
  context: SessionContext,
  rules: RowRules,
  { row, input: read, errors, key, uniques, named }: ReadRow,
  before: Row | undefined,
  { matches, owners, others }: Known,
): Promise<PlannedRow> {
  const failed = (problems: readonly ImportRowError[]): PlannedRow => ({
    row,
    outcome: 'failed',
    changes: [],
    errors: problems,
  })
  const { target, columns, mode, match } = rules
  if (errors.length > 0) return failed(errors)
  const ids = key === undefined ? undefined : matches.get(key)
  const refuse = (field: string, code: CrmErrorCode, message: string): PlannedRow => {
    const column = columnOf(columns, field)
    return failed([{ row, ...(column !== undefined && { column }), field, code, message }])
  }
  if (match && ids && ids.length > 1)
    return refuse(match.field, 'conflict', 'means more than one record: match on something else, or merge them')
  if (match && ids && !before && match.field !== 'id')
    return refuse(match.field, 'access_denied', 'belongs to a record that the actor may not read')
  if (before ? mode === 'create' : mode === 'update') return { row, outcome: 'skipped', changes: [], errors: [] }
  const input: Record<string, unknown> = { ...read }
  for (const one of named) {
    const found = others.idOf(one)
    const { path } = one.reference.column.field
    if ('code' in found) return refuse(path, found.code, found.message)
    placeValue(input, path, found.id)
  }
  for (const [place, unique] of target.unique.entries()) {
    const known = owners.get(unique.find)
    const taken = uniques[place]?.some((value) => known?.get(value)?.some((id) => id !== before?.id))
    if (taken)
      return refuse(unique.field, 'conflict', 'belongs to another record: match on it, or remove it from the row')
  }
  try {
    if (before) {
      const changes = await target.planChange(context, before, patchFor(columns, before, input, rules.lists))
      return changesSomething(changes)
        ? { row, outcome: 'updated', id: before.id, changes, errors: [] }
        : { row, outcome: 'unchanged', changes: [], errors: [] }
    }
    const { id, changes } = await target.planNew(context, newInput(input))
    return { row, outcome: 'created', id, changes, errors: [] }
  } catch (error) {
    if (!isRowError(error)) throw error
    return failed(rowErrors(columns, row, error))
  }
}

/** A new record has nothing to clear. */
function newInput({ id: _, ...input }: RowInput): RowInput {
  const isObject = (value: unknown): value is RowInput =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, isObject(value) ? newInput(value) : value]),
  )
}
