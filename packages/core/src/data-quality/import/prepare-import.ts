import { requireRight } from '../../entity/commit-rights.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { type MappedColumn, mappedColumns } from './column-mapping.js'
import type { ImportOptions } from './import-options.js'
import type { ImportTarget, ImportTargets, MatchKey } from './import-target.js'
import { matchKeyNamed } from './match-key.js'
import type { ImportMode, RowRules } from './plan-rows.js'
import { rowReferences } from './row-reference.js'
import { openTable, type SourceTable } from './source-table.js'

/** An import that is ready to go: its file open, its mapping and rules checked. */
export interface PreparedImport {
  readonly table: SourceTable
  readonly columns: readonly MappedColumn[]
  readonly rules: RowRules
}

/** Opens the file and checks the options. Throws `validation_failed` or `access_denied`. */
export async function prepareImport(
  context: SessionContext,
  target: ImportTarget,
  targets: ImportTargets,
  options: ImportOptions,
): Promise<PreparedImport> {
  const { matchOn, mode = matchOn === undefined ? 'create' : 'createAndUpdate' } = options
  const { lists = 'add', empty = 'keep' } = options
  refuseUnknown('mode', mode, ['create', 'createAndUpdate', 'update'])
  refuseUnknown('lists', lists, ['add', 'replace'])
  refuseUnknown('empty', empty, ['keep', 'clear'])
  const match = matchOn === undefined ? undefined : matchKeyNamed(target, matchOn)
  refuseModeWithout(mode, match)
  for (const action of mode === 'createAndUpdate' ? (['create', 'update'] as const) : [mode])
    await requireRight(context, target.entity, action)
  const table = await openTable(options.file, options)
  try {
    const columns = await mappedColumns(context, target, targets, table.columns, options.mapping)
    if (match && !columns.some(({ field }) => field.path === match.field))
      throw invalidField('matchOn', `needs a column that is mapped to ${match.field}`)
    const references = rowReferences(columns, targets)
    return { table, columns, rules: { target, columns, references, mode, ...(match && { match }), lists, empty } }
  } catch (error) {
    await table.rows.return()
    throw error
  }
}

function refuseModeWithout(mode: ImportMode, match: MatchKey | undefined): void {
  if (!match && mode !== 'create') throw invalidField('matchOn', `must say which record a row means, for mode ${mode}`)
  if (match?.field === 'id' && mode !== 'update')
    throw invalidField('matchOn', 'can be id only with mode update: new records get ids of their own')
}

function refuseUnknown(field: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw invalidField(field, `must be one of ${known.join(', ')}`)
}
