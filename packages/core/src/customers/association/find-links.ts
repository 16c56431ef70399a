import { type FindOptions, findRecords } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import { allOf } from '../../storage/filter.js'
import { type Association, associationEntity } from './association-entity.js'
import { notEndedOn } from './association-rules.js'
import { today } from './linked-record.js'

/** Which links of a record to find. */
export interface LinksAsked {
  /** The end at which the record is. */
  readonly near: 'from' | 'to'
  readonly type: string
  readonly id: string
  readonly typeKey?: string | undefined
  /** Also links that have ended. */
  readonly former: boolean
}

/** A page of the links of a record in one direction. */
export function findLinks(
  context: SessionContext,
  { near, type, id, typeKey, former }: LinksAsked,
  options: Pick<FindOptions, 'orderBy' | 'limit' | 'cursor'>,
): Promise<Page<Association>> {
  const where = allOf(
    { op: 'eq', path: `${near}Type`, value: type },
    { op: 'eq', path: `${near}Id`, value: id },
    typeKey === undefined ? undefined : { op: 'eq', path: 'typeKey', value: typeKey },
    former ? undefined : notEndedOn(today(context)),
  )
  return findRecords<Association>(context, associationEntity, { orderBy: ['id'], ...options, where })
}
