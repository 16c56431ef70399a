import { type Contact, contactEntity } from '../../customers/index.js'
import { type BehaviourEvent, behaviourEventEntity } from '../../engagement/index.js'
import { type Entity, readerOf } from '../../entity/entity.js'
import { compileFilter } from '../../storage/evaluate-filter.js'
import { foldText } from '../../storage/fold-text.js'
import type { Row } from '../../storage/row.js'
import { type CompiledCondition, compileSegment, countedEvents } from './compile-segment.js'
import type { SegmentCondition } from './segment-definition.js'

/** Somebody with what they did on all their devices, as a service gives it. */
export interface SegmentCandidate {
  readonly contact: Contact
  readonly events: readonly BehaviourEvent[]
}

/**
 * Whether somebody belongs to a segment with this definition at a moment, in memory: the answer of `segments.contains`. Throws
 * `validation_failed` for a definition that cannot be.
 */
export function matchesSegment(
  definition: SegmentCondition,
  { contact, events }: SegmentCandidate,
  { at }: { readonly at: string },
): boolean {
  const contactRow = rowOf(contactEntity, contact)
  const eventRows = events.map((event) => rowOf(behaviourEventEntity, event))
  const holds = (condition: CompiledCondition): boolean => {
    switch (condition.op) {
      case 'where':
        return compileFilter(contactEntity.storage, condition.stored)(contactRow)
      case 'performed': {
        const counts = compileFilter(behaviourEventEntity.storage, countedEvents(condition.term, at))
        const times = eventRows.filter(counts).length
        return times >= condition.term.atLeast && times <= condition.term.atMost
      }
      case 'and':
        return condition.args.every(holds)
      case 'or':
        return condition.args.some(holds)
      case 'not':
        return !holds(condition.arg)
    }
  }
  return holds(compileSegment(definition))
}

const indexedLength = 512

/** A record as the storage holds it: by path, with its folded shadows. */
function rowOf(entity: Entity, record: object): Row {
  const read = readerOf(record as Row)
  const row: Record<string, unknown> = { ...record }
  for (const path of Object.keys(entity.storage.fields)) {
    const value = read(path)
    if (value !== undefined) row[path] = value
  }
  for (const [path, shadow] of entity.shadows) {
    const value = row[path]
    if (typeof value === 'string') row[shadow] = [...foldText(value)].slice(0, indexedLength).join('')
  }
  return row as Row
}
