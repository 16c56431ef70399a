import { commit } from '../entity/commit.js'
import type { EntityChange } from '../entity/entity-change.js'
import { eraseJournalEntry } from '../entity/journal-erasure.js'
import { allOf } from '../storage/filter.js'
import type { Row } from '../storage/row.js'
import type { Erasing } from './erase-records.js'
import { mentions, withoutMentions } from './identifiers.js'
import { pagesOf } from './subject-rows.js'

/**
 * Records that refer to nobody but may name anybody: what work was given and found, rows still to be imported, filters somebody keeps,
 * names of groups.
 */
export const sweptEntities = ['run', 'importBatch', 'savedView', 'segment', 'recycleRule', 'contactGroup'] as const

/** Takes every text that names the subject out of such records and their journal. */
export async function sweepRuns(erasing: Erasing): Promise<number> {
  const { context, identifiers, signal } = erasing
  if (identifiers.size === 0) return 0
  let written = 0
  for (const name of sweptEntities) {
    if (!context.registry.has(name)) continue
    for await (const rows of pagesOf(context, name, undefined, { signal })) {
      for (const row of rows) {
        if (!mentions(contentOf(erasing, name, row), identifiers)) continue
        const changes: EntityChange[] = [{ kind: 'derive', entity: name, id: row.id, set: cleaned(erasing, name, row) }]
        await commit(context, [...changes, ...(await journalOf(erasing, name, row.id))])
        written++
      }
    }
  }
  return written
}

function contentOf({ context }: Erasing, name: string, row: Row): Record<string, unknown> {
  const paths = [...context.registry.get(name).fields.values()].filter(({ type }) => type === 'json' || type === 'text')
  return Object.fromEntries(paths.flatMap(({ path }) => (row[path] === undefined ? [] : [[path, row[path]]])))
}

function cleaned(erasing: Erasing, name: string, row: Row): Record<string, unknown> {
  const content = contentOf(erasing, name, row)
  return Object.fromEntries(
    Object.entries(content).flatMap(([path, value]) =>
      mentions(value, erasing.identifiers) ? [[path, withoutMentions(value, erasing.identifiers)]] : [],
    ),
  )
}

async function journalOf({ context, identifiers }: Erasing, entity: string, recordId: string): Promise<EntityChange[]> {
  const where = allOf({ op: 'eq', path: 'entity', value: entity }, { op: 'eq', path: 'recordId', value: recordId })
  const changes: EntityChange[] = []
  for await (const entries of pagesOf(context, 'journal', where))
    for (const entry of entries) {
      const set = eraseJournalEntry(entry, {
        erasesValues: (_, before, after) => mentions([before, after], identifiers),
        erasesPayload: (data) => mentions(data, identifiers),
        isSubject: () => false,
      })
      if (set) changes.push({ kind: 'derive', entity: 'journal', id: entry.id, set })
    }
  return changes
}
