import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Path, Row } from '../../storage/row.js'
import type { Mergeable } from './mergeable.js'
import { noteId } from './move-relations.js'

/** What comes back of a merge: its records, as they will be. */
interface Returning {
  readonly mergeId: string
  readonly survivorId: string
  readonly records: readonly Row[]
}

/** Which of the records that come back would be above themselves, and what must stay as it was read for the others not to be. */
export interface CircularReturns {
  /** Ids by the field that must be cleared. */
  readonly cleared: ReadonlyMap<Path, ReadonlySet<string>>
  readonly checks: readonly EntityChange[]
}

const longestLine = 100

/**
 * Follows the references upward as they will be once a merge is taken back: somebody may have put above a record what was below it
 * before. Such a record comes back without the reference.
 */
export async function findCircularReturns(
  context: SessionContext,
  { entity }: Mergeable,
  { mergeId, survivorId, records }: Returning,
): Promise<CircularReturns> {
  const cleared = new Map<Path, Set<string>>()
  const walked = new Map<string, Row>()
  const paths = [...entity.fields.values()].filter(({ references }) => references === entity.name)
  for (const { path } of paths) {
    const returning = new Map(records.map((row) => [row.id, row[path] as string | undefined]))
    const above = async (id: string): Promise<string | undefined> => {
      if (returning.has(id)) return returning.get(id)
      const [row] = await context.storage.getMany(entity.name, [id])
      if (row?.[path] !== survivorId) {
        if (row) walked.set(id, row)
        return row?.[path] as string | undefined
      }
      const owners = [...returning.keys()].filter((owner) => owner !== survivorId)
      const notes = await context.storage.getMany(
        'mergedRelation',
        owners.map((owner) => noteId(mergeId, entity.name, id, path, owner)),
      )
      const note = notes.find((found) => found !== undefined)
      if (!note) walked.set(id, row)
      return (note?.fromId as string | undefined) ?? survivorId
    }
    for (const { id } of records) {
      let next = returning.get(id)
      for (let steps = 0; next !== undefined && next !== id && steps < longestLine; steps++) next = await above(next)
      if (next === undefined) continue
      returning.set(id, undefined)
      cleared.set(path, (cleared.get(path) ?? new Set()).add(id))
    }
  }
  const checks = [...walked.values()].map(
    ({ id, version }): EntityChange => ({ kind: 'require', entity: entity.name, id, is: version }),
  )
  return { cleared, checks }
}
