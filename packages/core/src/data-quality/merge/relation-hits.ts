import type { SessionContext } from '../../entity/session-context.js'
import { allOf, type Filter } from '../../storage/filter.js'
import type { Path, Row } from '../../storage/row.js'
import { hasLinks, type RelationKind } from './relation-kind.js'

/** A record that refers to one of the merged records. */
export interface RelationHit {
  readonly kind: RelationKind
  readonly row: Row
  /** The merged record. */
  readonly fromId: string
  /** What a line of the timeline shows, where that record lists what it is about. */
  readonly linked?: Row
}

const pageSize = 500
const idsPerQuery = 500

/** Everything that refers to the given records, page by page. Moving what was given changes what comes next, and is meant to. */
export async function* eachRelation(
  context: SessionContext,
  kinds: readonly RelationKind[],
  objectType: string,
  ids: readonly string[],
): AsyncGenerator<RelationHit> {
  for (const kind of kinds) for (const id of ids) yield* eachOfKind(context, kind, objectType, id)
}

async function* eachOfKind(
  context: SessionContext,
  kind: RelationKind,
  objectType: string,
  id: string,
): AsyncGenerator<RelationHit> {
  if (kind.how === 'field' && kind.under) {
    const { entity, field, path } = kind.under
    for await (const parents of pages(context, entity.name, equals(path, id), ['id'])) {
      for (let start = 0; start < parents.length; start += idsPerQuery) {
        const values = parents.slice(start, start + idsPerQuery).map((row) => row.id)
        const where = allOf({ op: 'in', path: field, values }, equals(kind.path, id))
        for await (const rows of pages(context, kind.entity.name, where)) yield* rows.map((row) => hit(kind, row, id))
      }
    }
    return
  }
  for await (const rows of pages(context, kind.entity.name, conditionOf(kind, objectType, id))) {
    if (kind.how !== 'line') yield* rows.map((row) => hit(kind, row, id))
    else yield* await withLinked(context, kind, rows, id)
  }
}

/** Which rows refer to a record in one way. */
export function conditionOf(kind: RelationKind, objectType: string, id: string): Filter {
  switch (kind.how) {
    case 'field':
      return kind.isList ? { op: 'has', path: kind.path, value: id } : equals(kind.path, id)
    case 'pair':
      return allOf({ op: 'isNull', path: 'deletedAt' }, equals(kind.typePath, objectType), equals(kind.path, id))
    case 'computed':
    case 'line':
      return allOf(equals('subjectType', objectType), equals('subjectId', id))
  }
}

async function withLinked(
  context: SessionContext,
  kind: RelationKind,
  lines: readonly Row[],
  fromId: string,
): Promise<RelationHit[]> {
  const linked = new Map<string, Row>()
  const types = new Set(
    lines.map((line) => line.recordType as string).filter((type) => hasLinks(context.registry, type)),
  )
  for (const type of types) {
    const ids = lines.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId as string)
    for (const row of await context.storage.getMany(type, ids)) if (row) linked.set(`${type}/${row.id}`, row)
  }
  return lines.map((row) => {
    const record = linked.get(`${row.recordType as string}/${row.recordId as string}`)
    return { kind, row, fromId, ...(record && { linked: record }) }
  })
}

async function* pages(
  context: SessionContext,
  entity: string,
  where: Filter,
  fields?: readonly Path[],
): AsyncGenerator<readonly Row[]> {
  for (let after: readonly [string] | undefined; ; ) {
    const page = await context.storage.find({
      entity,
      where,
      order: ['id'],
      limit: pageSize,
      ...(after && { after }),
      ...(fields && { fields }),
    })
    if (page.rows.length > 0) yield page.rows
    const last = page.rows.at(-1)
    if (page.done || !last) return
    after = [last.id]
  }
}

function hit(kind: RelationKind, row: Row, fromId: string): RelationHit {
  return { kind, row, fromId }
}

function equals(path: Path, value: string): Filter {
  return { op: 'eq', path, value }
}
