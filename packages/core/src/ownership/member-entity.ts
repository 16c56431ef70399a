import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { bool, text } from '../entity/field.js'

/** A user of the host as far as Rapport must know: who may be given records. Its id is the host's; `teamIds` are its teams. */
export const memberEntity = defineEntity({
  name: 'member',
  schema: z.strictObject({
    name: text({ minLength: 1, maxLength: 200, personal: true, folded: true }),
    /** A member who is not active keeps its records until they are handed over, and is given no more. */
    active: z._default(bool(), true),
  }),
  access: { reach: 'tenant' },
  indexes: [
    { name: 'name', on: ['name'], live: true },
    { name: 'teams', on: ['teamIds'], kind: 'member' },
  ],
})

/** A user of the host, as the actor may see it. */
export type Member = RecordOf<typeof memberEntity>
