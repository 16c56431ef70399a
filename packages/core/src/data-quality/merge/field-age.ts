import type { JournaledField } from '../../entity/journal-entity.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Row } from '../../storage/row.js'
import type { FieldAge } from './merge-fields.js'

const mostEntries = 1_000

/**
 * When the fields of records were last set, from the newest 1,000 entries of each one's journal. A field that none of them names was
 * set before the oldest of them, which stands in for it.
 */
export async function readFieldAges(context: SessionContext, entity: string, rows: readonly Row[]): Promise<FieldAge> {
  const ages = new Map<string, { readonly at: ReadonlyMap<string, string>; readonly oldest: string }>()
  for (const row of rows) {
    const page = await context.storage.find({
      entity: 'journal',
      where: {
        op: 'and',
        args: [
          { op: 'eq', path: 'entity', value: entity },
          { op: 'eq', path: 'recordId', value: row.id },
        ],
      },
      order: ['-recordVersion', '-id'],
      limit: mostEntries,
    })
    const at = new Map<string, string>()
    for (const entry of page.rows) {
      for (const { field } of entry.changes as JournaledField[]) {
        const name = field.startsWith('custom.') ? field : (field.split('.')[0] as string)
        if (!at.has(name)) at.set(name, entry.at as string)
      }
    }
    ages.set(row.id, { at, oldest: (page.rows.at(-1)?.at ?? row.updatedAt) as string })
  }
  return (id, field) => ages.get(id)?.at.get(field) ?? ages.get(id)?.oldest ?? ''
}
