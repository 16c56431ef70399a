import type { EntityChange } from '../../entity/entity-change.js'
import type { Path } from '../../storage/row.js'
import type { ExternalRef } from './external-ref.js'
import { externalRefId, planExternalRefRemoval, planExternalRefs } from './external-ref-entity.js'

/** How refs are told apart. */
export const externalRefEntries = {
  key: (ref: Readonly<Record<string, unknown>>): string => JSON.stringify([ref.system, ref.externalId]),
  join: <T>(kept: T): T => kept,
  finish: <T>(refs: T): T => refs,
}

/** A record whose refs change together with those of others. */
interface Turn {
  readonly id: string
  readonly before?: Readonly<Record<Path, unknown>>
  readonly after?: Readonly<Record<Path, unknown>>
}

/**
 * The index rows of refs that go from one record to another in one batch. A ref that none of the records had must be free, or the
 * batch fails with `conflict`.
 */
export function planExternalRefTurns(objectType: string, turns: readonly Turn[]): EntityChange[] {
  const owners = (side: 'before' | 'after') =>
    new Map(
      turns.flatMap((turn) => refsOf(turn[side]).map((ref) => [externalRefId(objectType, ref), { ref, id: turn.id }])),
    )
  const [old, fresh] = [owners('before'), owners('after')]
  const gone = [...old].filter(([key]) => !fresh.has(key)).map(([, { ref }]) => ref)
  return [
    ...planExternalRefRemoval(objectType, gone),
    ...[...fresh].flatMap(([key, { ref, id }]): EntityChange[] => {
      const owner = old.get(key)?.id
      if (owner === id) return []
      if (owner === undefined) return planExternalRefs(objectType, id, [ref])
      return [
        {
          kind: 'project',
          entity: 'externalRef',
          id: key,
          values: { system: ref.system, objectType, externalId: ref.externalId, recordId: id },
        },
      ]
    }),
  ]
}

function refsOf(row: Readonly<Record<Path, unknown>> | undefined): readonly ExternalRef[] {
  return (row?.externalRefs ?? []) as readonly ExternalRef[]
}

/** The ids of a record by the system that knows it under them: whoever has another id there is somebody else. */
export function verifiedRefs(row: Readonly<Record<Path, unknown>>): Record<string, string[]> {
  const ids: Record<string, string[]> = {}
  for (const { system, externalId } of refsOf(row)) ids[`ref:${system}`] = [...(ids[`ref:${system}`] ?? []), externalId]
  return ids
}
