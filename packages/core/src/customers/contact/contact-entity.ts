import { defineEntity, type RecordOf } from '../../entity/entity.js'
import type { NewOf, PatchOf } from '../../entity/record-service.js'
import type { Email, Phone } from '../contact-point/contact-point.js'
import type { ExternalRef } from '../external-ref/external-ref.js'
import { contactDerivedSchema, contactSchema } from './contact.js'
import { fullNameOf } from './contact-rules.js'

/** A person you deal with. */
export const contactEntity = defineEntity({
  name: 'contact',
  mergeable: true,
  schema: contactSchema,
  derived: contactDerivedSchema,
  access: {
    reach: 'owned',
    portal: {
      contact: 'id',
      fields: [
        'salutation',
        'firstName',
        'lastName',
        'fullName',
        'emails',
        'phones',
        'addresses',
        'primaryEmail',
        'primaryPhone',
        'locale',
        'timeZone',
      ],
    },
  },
  ownership: { pooled: true },
  search: [
    {
      field: 'fullName',
      from: ['firstName', 'lastName'],
      weight: 1,
      textsOf: ({ firstName, lastName }) => [
        fullNameOf(firstName as string | undefined, lastName as string | undefined),
      ],
      spoken: 'name',
    },
    {
      field: 'emails',
      weight: 0.9,
      textsOf: ({ emails }) => ((emails ?? []) as readonly Email[]).map(({ address }) => address),
    },
    {
      field: 'phones',
      weight: 0.9,
      textsOf: ({ phones }) => ((phones ?? []) as readonly Phone[]).map(({ number }) => number),
    },
    {
      field: 'externalRefs',
      weight: 0.8,
      textsOf: ({ externalRefs }) =>
        ((externalRefs ?? []) as readonly ExternalRef[]).map(({ externalId }) => externalId),
    },
  ],
  indexes: [
    { name: 'created', on: ['-createdAt'], live: true },
    { name: 'updated', on: ['-updatedAt'], live: true },
    { name: 'full_name', on: ['fullName'], live: true },
    { name: 'email', on: ['primaryEmail'], live: true },
    { name: 'last_order', on: ['-lastOrderAt'], live: true },
    { name: 'stage', on: ['lifecycleStage', '-createdAt'], live: true },
    { name: 'owner', on: ['ownerId', '-createdAt'], live: true },
    { name: 'clv', on: ['-scores.clv.amountMinor'], live: true },
    { name: 'alive', on: ['scores.clv.probabilityAlive'], live: true },
    { name: 'engagement', on: ['-scores.engagement.value'], live: true },
    { name: 'segment', on: ['scores.rfm.segment', '-scores.clv.amountMinor'], live: true },
    { name: 'primary_company', on: ['primaryCompanyId'] },
    { name: 'tags', on: ['tags'], kind: 'member' },
    { name: 'interests', on: ['interests'], kind: 'member' },
  ],
})

/** A person you deal with, as the actor may see it. */
export type Contact = RecordOf<typeof contactEntity>

/** Input of a new contact. */
export type NewContact = NewOf<typeof contactEntity>

/** Input of a change of a contact. `emails`, `phones` and `addresses` replace whole. */
export type ContactPatch = PatchOf<typeof contactEntity>

/** Input of an upsert: the record's id in your system, and what to set. */
export type ContactUpsert = Omit<NewContact, 'externalRefs'> & { externalRef: ExternalRef }
