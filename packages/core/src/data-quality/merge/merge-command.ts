import * as z from 'zod/mini'
import { can } from '../../access/rights.js'
import { accessDenied } from '../../entity/commit-rights.js'
import { type Entity, readerOf } from '../../entity/entity.js'
import { check } from '../../entity/input.js'
import { readAliases } from '../../entity/record-alias.js'
import { readMany } from '../../entity/record-reader.js'
import { requireWritable } from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { CrmError, invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'
import type { MergeStrategy } from './merge-fields.js'

/** Which records to merge. */
export interface MergeCommand {
  /** The record that stays. */
  readonly survivorId: string
  /** The records that become part of it, 1 to 50. */
  readonly mergedIds: readonly string[]
  /** What fields of the result are; each field's default when left out. */
  readonly fields?: Readonly<Record<string, MergeStrategy>>
  /** Tells what would happen and changes nothing. */
  readonly dryRun?: boolean
  /** The versions that were looked at, by id; a record that was changed since is a `conflict`. */
  readonly ifVersions?: Readonly<Record<string, number>>
}

const id = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(64))
const named = ['survivor', 'nonEmpty', 'mostRecent', 'oldest', 'furthest', 'union', 'add'] as const

const commandSchema = z.strictObject({
  survivorId: id,
  mergedIds: z
    .array(id)
    .check(z.minLength(1, 'must name at least one record'), z.maxLength(50, 'must name at most 50')),
  fields: z.optional(z.record(z.string(), z.union([z.enum(named), z.strictObject({ take: id })]))),
  dryRun: z.optional(z.boolean()),
  ifVersions: z.optional(z.record(z.string(), z.number())),
})

/** A command as it may be carried out. Throws `validation_failed`, also for a record that would be merged with itself. */
export function checkMergeCommand(entity: Entity, input: unknown): MergeCommand {
  const command = check(entity, commandSchema, input) as MergeCommand
  const { survivorId, mergedIds } = command
  for (const [index, mergedId] of mergedIds.entries()) {
    if (mergedId === survivorId)
      throw invalidField(`mergedIds.${index}`, 'is the survivor; a record cannot be merged with itself')
    if (mergedIds.indexOf(mergedId) !== index) throw invalidField(`mergedIds.${index}`, 'appears twice; keep one')
  }
  return command
}

/**
 * The live rows of the survivor and of the records to merge. Throws `rule_violated` for one that was merged already, `not_found` for
 * one that is deleted, of another tenant or hidden, and `conflict` for one that is not at the expected version.
 */
export async function readParticipants(
  context: SessionContext,
  entity: Entity,
  { survivorId, mergedIds, ifVersions = {} }: Pick<MergeCommand, 'survivorId' | 'mergedIds' | 'ifVersions'>,
  ownMergeId?: string,
): Promise<{ readonly survivor: Row; readonly sources: readonly Row[] }> {
  const ids = [survivorId, ...mergedIds]
  const [rows, aliases] = await Promise.all([
    readMany(context, entity, ids),
    readAliases(context, entity.name, ids, { pending: true }),
  ])
  const live = ids.map((recordId, index) => {
    const [row, alias] = [rows[index], aliases[index]]
    if (alias && alias.mergeId !== ownMergeId) {
      throw new CrmError(
        'rule_violated',
        `This ${entity.name} ${alias.pending ? 'is being' : 'was'} merged into another one`,
        {
          entity: entity.name,
          id: recordId,
          reason: alias.pending ? 'merging' : 'merged',
          remedy: alias.pending
            ? 'wait for that merge, or take it back'
            : 'merge the record it leads to: resolveId tells its id',
        },
      )
    }
    if (!row)
      throw new CrmError('not_found', `There is no ${entity.name} with this id`, { entity: entity.name, id: recordId })
    const expected = ifVersions[recordId]
    if (expected !== undefined && expected !== row.version) throw changedSince(entity, row)
    return row
  })
  const [survivor, ...sources] = live as [Row, ...Row[]]
  return { survivor, sources }
}

/** The actor must be allowed to edit the survivor, and to edit and delete each of the others. */
export async function requireMergeRights(
  context: SessionContext,
  entity: Entity,
  survivor: Row,
  sources: readonly Row[],
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const access = await context.access()
  const demand = (action: 'update' | 'delete', row: Row): void => {
    if (!can(access, entity.name, entity.access, action, readerOf(row))) throw accessDenied(entity.name, action)
  }
  demand('update', survivor)
  for (const row of sources) {
    demand('update', row)
    demand('delete', row)
  }
  const custom = Object.keys(fields).flatMap((field) => (field.startsWith('custom.') ? [[field.slice(7), null]] : []))
  await requireWritable(context, entity, 'update', {
    ...fields,
    ...(custom.length > 0 && { custom: Object.fromEntries(custom) }),
  })
}

function changedSince(entity: Entity, row: Row): CrmError {
  return new CrmError('conflict', `${entity.name} ${row.id} was changed by somebody else`, {
    entity: entity.name,
    id: row.id,
    reason: 'version',
    actualVersion: row.version,
    remedy: 'look at the records again and repeat the merge',
  })
}
