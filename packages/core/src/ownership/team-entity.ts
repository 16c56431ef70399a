import * as z from 'zod/mini'
import { defineEntity, type RecordOf } from '../entity/entity.js'
import { text } from '../entity/field.js'

/** Members who share records. Its id is the host's, as it stands in `teamIds` of records, members and actors. */
export const teamEntity = defineEntity({
  name: 'team',
  schema: z.strictObject({ name: text({ minLength: 1, maxLength: 200, folded: true }) }),
  access: { reach: 'tenant' },
  indexes: [{ name: 'name', on: ['name'], live: true }],
})

/** A team, as the actor may see it. */
export type Team = RecordOf<typeof teamEntity>
