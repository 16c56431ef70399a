import type { EntityDef, Filter, NewRow, StorageSession } from '@rapport/core/storage'
import { assertEqual, show } from '../assertion.js'
import { queryOf, walkPages } from './reading.js'
import { idAt, specimen, specimenRow } from './specimen.js'
import { insertRows } from './writing.js'

/** Rows by one-letter names, so that an expectation reads as `'acd'`. */
export interface LabelledRows {
  /** Labels of all rows that pass the filter, in alphabetical order. */
  matching(where: Filter): Promise<string>
  /** Fails unless exactly these rows pass the filter. */
  expect(where: Filter, labels: string): Promise<void>
  /** All labels but the given ones. */
  without(labels: string): string
}

/** Inserts one specimen for each label. */
export async function insertLabelled(
  session: StorageSession,
  fieldsByLabel: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  def: EntityDef = specimen,
): Promise<LabelledRows> {
  const labels = Object.keys(fieldsByLabel).sort()
  const rows = labels.map((label, index): NewRow => specimenRow(idAt(index + 1), fieldsByLabel[label]))
  await insertRows(session, def, rows)
  const labelOf = new Map(rows.map((row, index) => [row.id, labels[index]]))

  const matching = async (where: Filter): Promise<string> => {
    const found = await walkPages(session, def, queryOf(def, { where }))
    return found
      .map((row) => labelOf.get(row.id) ?? '?')
      .sort()
      .join('')
  }
  return {
    matching,
    async expect(where, expected) {
      assertEqual(await matching(where), [...expected].sort().join(''), `rows that pass ${show(where)}`)
    },
    without: (left) => labels.filter((label) => !left.includes(label)).join(''),
  }
}
