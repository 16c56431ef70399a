import * as z from 'zod/mini'
import type { Filter } from '../../storage/filter.js'
import { defineEntity, type RecordOf } from '../entity.js'
import { oneOf, structured, text, texts } from '../field.js'

/** A list that somebody looks at again and again: which records, in which order, with which columns. Its owner is `ownerId`. */
export const savedViewEntity = defineEntity({
  name: 'savedView',
  schema: z.strictObject({
    name: text({ minLength: 1, maxLength: 200 }),
    /** Entity it lists, such as `contact`. */
    object: text({ minLength: 1, immutable: true }),
    /** The plain filter. It may name persons. */
    where: z.optional(
      structured(
        z.custom<Filter>((value) => typeof value === 'object' && value !== null),
        { personal: true },
      ),
    ),
    /** Paths, `-` before one for descending. */
    orderBy: z.optional(texts({ maxItems: 8 })),
    /** Paths of the columns, in their order; empty where the one who shows it decides. */
    columns: z.optional(texts({ maxItems: 100 })),
    /** Who sees it besides its owner: nobody, members of its `teamIds`, everybody of the tenant. */
    sharing: z._default(oneOf(['private', 'team', 'tenant']), 'private'),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'owner', on: ['ownerId', 'object', 'name'], live: true },
    { name: 'object', on: ['object', 'sharing', 'name'], live: true },
  ],
})

/** A saved view. */
export type SavedView = RecordOf<typeof savedViewEntity>
