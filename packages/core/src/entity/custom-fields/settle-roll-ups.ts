import { isCrmError } from '../../kernel/crm-error.js'
import { instantOf } from '../../kernel/instant.js'
import type { Row } from '../../storage/row.js'
import type { Write } from '../../storage/write.js'
import { sameValue } from '../canonical-json.js'
import type { SessionContext } from '../session-context.js'
import { type ComputedFields, computedFieldsOf } from './computed-fields.js'
import { withFormulas } from './computed-record.js'
import { staleName } from './pending-roll-up.js'
import { customOf, storedValue } from './record-value.js'
import { computeRollUp } from './roll-up-values.js'

const recordsAtOnce = 100
const notesAtOnce = 1_000
const mostRounds = 20

/**
 * Computes the roll-ups of records for which there are notes, with the formulas that read them, and removes the notes. Goes on with
 * the records whose own roll-ups change by that. Does nothing for a record without a note.
 *
 * The values, the removal of the notes and the notes for the next records are one batch, which fails when another one settled a
 * record or changed it meanwhile; then it is read anew. What is left when all rounds are used up stays noted.
 */
export async function settleRollUps(context: SessionContext, records: readonly string[]): Promise<void> {
  let open: readonly string[] = [...new Set(records)]
  while (open.length > 0) {
    const next = new Set<string>()
    for (let start = 0; start < open.length; start += recordsAtOnce)
      for (const record of await settlePart(context, open.slice(start, start + recordsAtOnce))) next.add(record)
    open = [...next]
  }
}

async function settlePart(context: SessionContext, records: readonly string[]): Promise<Set<string>> {
  const next = new Set<string>()
  for (let round = 1; round <= mostRounds; ) {
    const notes = await context.storage.find({
      entity: 'pendingRollUp',
      where: { op: 'in', path: 'record', values: [...records] },
      order: ['id'],
      limit: notesAtOnce,
    })
    if (notes.rows.length === 0) break
    const noted = new Set(notes.rows.map(({ record }) => record as string))
    const fields = await context.customFields.all(context.storage, context.tenantId)
    const { writes, parents } = await planSettlement(context, [...noted], computedFieldsOf(fields))
    try {
      await context.storage.write([
        ...writes,
        ...notes.rows.map(({ id }): Write => ({ do: 'delete', entity: 'pendingRollUp', id })),
        ...[...parents].map(
          (record): Write => ({
            do: 'insert',
            entity: 'pendingRollUp',
            row: { id: context.newId(), record, updatedAt: instantOf(context.clock.now()) },
          }),
        ),
      ])
      for (const parent of parents) next.add(parent)
    } catch (error) {
      if (!isOvertaken(error)) throw error
      round++
    }
  }
  return next
}

/** Somebody else settled or changed one of the records, or two who did so stood in each other's way. */
function isOvertaken(error: unknown): boolean {
  if (isCrmError(error, 'storage_failed')) return error.details.retriable === true
  return (isCrmError(error, 'conflict') || isCrmError(error, 'not_found')) && error.details.writeIndex !== undefined
}

async function planSettlement(
  context: SessionContext,
  records: readonly string[],
  computed: ComputedFields,
): Promise<{ readonly writes: Write[]; readonly parents: Set<string> }> {
  const writes: Write[] = []
  const parents = new Set<string>()
  for (const [object, ids] of byObject(records)) {
    const rollUps = computed.rollUps.get(object) ?? []
    if (!context.registry.has(object)) continue
    // The records come first: a change of one after its referring records were read makes the batch fail.
    const rows = (await context.storage.getMany(object, ids)).filter((row) => row !== undefined)
    if (rows.length === 0) continue
    const present = rows.map(({ id }) => id)
    const values = await Promise.all(rollUps.map((field) => computeRollUp(context, field, present)))
    for (const row of rows) {
      const rolledUp: Record<string, unknown> = { ...customOf(row) }
      for (const [index, { key }] of rollUps.entries()) {
        const value = values[index]?.get(row.id)
        if (value === undefined) delete rolledUp[key]
        else rolledUp[key] = value
      }
      const custom = withFormulas({ ...row, custom: rolledUp }, object, computed)
      if (sameValue(customOf(row), custom)) continue
      writes.push({
        do: 'patch',
        entity: object,
        id: row.id,
        set: { custom: Object.keys(custom).length > 0 ? custom : null },
        ifVersion: row.version,
        touch: false,
      })
      for (const parent of parentsOf(object, row, custom, computed)) parents.add(parent)
    }
  }
  return { writes, parents }
}

/** The records whose roll-ups are computed over values of this record that have changed. */
function parentsOf(
  object: string,
  row: Row,
  custom: Readonly<Record<string, unknown>>,
  computed: ComputedFields,
): string[] {
  if (row.deletedAt !== undefined) return []
  const after = { ...row, custom }
  return (computed.feeds.get(object) ?? []).flatMap(({ object: parent, rollUp: { by }, paths }) => {
    const id = storedValue(row, by)
    const differs = [...paths].some((path) => !sameValue(storedValue(row, path), storedValue(after, path)))
    return differs && typeof id === 'string' ? [staleName(parent, id)] : []
  })
}

function byObject(records: readonly string[]): Map<string, string[]> {
  const ids = new Map<string, string[]>()
  for (const record of records) {
    const slash = record.indexOf('/')
    const object = record.slice(0, slash)
    ids.set(object, [...(ids.get(object) ?? []), record.slice(slash + 1)])
  }
  return ids
}
