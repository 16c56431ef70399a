import type { UpdateOptions } from '../../entity/field-merge.js'
import { check } from '../../entity/input.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  type RecordReading,
  type RecordRemoval,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { findContactIdByEmail } from '../contact-point/contact-point-entity.js'
import { type ExternalRef, externalRefSchema } from '../external-ref/external-ref.js'
import { resolveExternalRefs } from '../external-ref/external-ref-entity.js'
import { type ItemReport, type UpsertRules, upsertByRef, upsertManyByRef } from '../external-ref/upsert.js'
import { type ContactRoles, createContactRoles } from '../role/role-service.js'
import {
  type Contact,
  type ContactPatch,
  type ContactUpsert,
  contactEntity,
  type NewContact,
} from './contact-entity.js'
import { planContactCreate, planContactRemoval, planContactUpdate } from './contact-plan.js'

/** People. */
export interface ContactService extends RecordReading<Contact>, RecordRemoval<Contact>, ContactRoles {
  create(input: NewContact): Promise<Contact>
  update(id: string, patch: ContactPatch, options?: UpdateOptions): Promise<Contact>
  /** Creates the contact with this external ref, or changes what differs. Running it twice changes nothing. */
  upsert(input: ContactUpsert): Promise<Contact>
  /** Upserts up to 1,000 contacts in one batch, and reports on each. Input that is wrong fails alone. */
  upsertMany(inputs: readonly ContactUpsert[]): Promise<ItemReport[]>
  /** The contact with this external ref. */
  findByExternalRef(ref: ExternalRef): Promise<Contact | undefined>
  /** The contact with this e-mail address; case does not matter. */
  findByEmail(address: string): Promise<Contact | undefined>
}

/** Contacts of a session. */
export function createContactService(context: SessionContext): ContactService {
  const reading = createRecordReading(context, contactEntity)
  const rules: UpsertRules<ContactUpsert> = {
    entity: contactEntity,
    planNew: ({ externalRef, ...fields }) => planContactCreate(context, { ...fields, externalRefs: [externalRef] }),
    planChange: (before, { externalRef: _, ...fields }) => planContactUpdate(context, before, fields),
  }
  const known = async (id: string | undefined): Promise<Contact | undefined> =>
    id === undefined ? undefined : (await reading.getMany([id]))[0]
  return {
    ...reading,
    ...createContactRoles(context),
    ...createRecordRemoval(context, contactEntity, async (kind, row) => planContactRemoval(kind, row)),
    async create(input) {
      const { id, changes } = await planContactCreate(context, input)
      return committed(context, contactEntity, id, changes)
    },
    update: (id, patch, options) =>
      // From the commit itself: who gives a record away may not read it any more.
      retryOnConflict(async () =>
        committed(context, contactEntity, id, await planContactUpdate(context, id, patch, options)),
      ),
    async upsert(input) {
      if (input?.externalRef === undefined) throw invalidField('externalRef', 'must name the system and the id there')
      return reading.get((await upsertByRef(context, rules, input)).id)
    },
    upsertMany: (inputs) => upsertManyByRef(context, rules, inputs),
    async findByExternalRef(ref) {
      const [id] = await resolveExternalRefs(context, 'contact', [
        check({ name: 'externalRef' }, externalRefSchema, ref),
      ])
      return known(id)
    },
    async findByEmail(address) {
      if (typeof address !== 'string') throw invalidField('address', 'must be an e-mail address')
      return known(await findContactIdByEmail(context, address))
    },
  }
}
