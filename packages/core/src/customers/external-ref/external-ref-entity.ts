import * as z from 'zod/mini'
import { defineEntity } from '../../entity/entity.js'
import type { EntityChange } from '../../entity/entity-change.js'
import { text } from '../../entity/field.js'
import type { SessionContext } from '../../entity/session-context.js'
import { deriveId } from '../../kernel/id.js'
import type { ExternalRef } from './external-ref.js'

/** Finds a record by its id in another system. The record itself lists its refs; these rows are their index. */
export const externalRefEntity = defineEntity({
  name: 'externalRef',
  kind: 'projection',
  schema: z.strictObject({
    system: text(),
    objectType: text(),
    externalId: text(),
    recordId: text(),
  }),
  access: { reach: 'tenant' },
  polymorphicReferences: [{ type: 'objectType', id: 'recordId' }],
  indexes: [{ name: 'record', on: ['objectType', 'recordId'] }],
})

/** The id of a ref's row follows from the ref, so it is found without an index and can exist only once. */
export function externalRefId(objectType: string, ref: ExternalRef): string {
  return deriveId('externalRef', objectType, ref.system, ref.externalId)
}

/** Ids of the records that refs of one kind point to, holes kept. One read for all. */
export async function resolveExternalRefs(
  context: SessionContext,
  objectType: string,
  refs: readonly ExternalRef[],
): Promise<(string | undefined)[]> {
  const rows = await context.storage.getMany(
    'externalRef',
    refs.map((ref) => externalRefId(objectType, ref)),
  )
  return rows.map((row) => row?.recordId as string | undefined)
}

/** The rows of a new record's refs. The batch fails with `conflict` when one of them points elsewhere already. */
export function planExternalRefs(objectType: string, recordId: string, refs: readonly ExternalRef[]): EntityChange[] {
  return refs.map((ref) => ({
    kind: 'create',
    entity: 'externalRef',
    id: externalRefId(objectType, ref),
    values: { system: ref.system, objectType, externalId: ref.externalId, recordId },
    implied: true,
  }))
}

/** Removes the rows of a record's refs, so that the refs are free again. */
export function planExternalRefRemoval(objectType: string, refs: readonly ExternalRef[]): EntityChange[] {
  return refs.map((ref) => ({ kind: 'unproject', entity: 'externalRef', id: externalRefId(objectType, ref) }))
}
