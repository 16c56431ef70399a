import * as z from 'zod/mini'
import { commit } from '../../entity/commit.js'
import type { EntityChange } from '../../entity/entity-change.js'
import type { UpdateOptions } from '../../entity/field-merge.js'
import { check } from '../../entity/input.js'
import { readMany } from '../../entity/record-reader.js'
import {
  committed,
  createRecordReading,
  createRecordRemoval,
  type RecordReading,
  type RecordRemoval,
  retryOnConflict,
} from '../../entity/record-service.js'
import type { SessionContext } from '../../entity/session-context.js'
import { type CrmError, isCrmError, validationError } from '../../kernel/crm-error.js'
import { normaliseEmail } from '../contact-point/contact-point.js'
import { type ExternalRef, externalRefSchema } from '../external-ref/external-ref.js'
import { resolveExternalRefs } from '../external-ref/external-ref-entity.js'
import { retryOnTakenRef } from '../external-ref/upsert.js'
import {
  type Contact,
  type ContactPatch,
  type ContactUpsert,
  contactEntity,
  type NewContact,
} from './contact-entity.js'
import { planContactCreate, planContactRemoval, planContactUpdate } from './contact-plan.js'

const refSchema = z.strictObject({ externalRef: externalRefSchema })

/** Outcome of one item of a bulk call. */
export type ItemReport =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly id: string }
  | { readonly outcome: 'failed'; readonly error: CrmError }

/** People. */
export interface ContactService extends RecordReading<Contact>, RecordRemoval<Contact> {
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
  const upsertOne = async (input: ContactUpsert): Promise<{ id: string; changes: EntityChange[]; isNew: boolean }> => {
    const { externalRef, ...fields } = input ?? {}
    const ref = check({ name: 'contact' }, refSchema, { externalRef }).externalRef
    const [known] = await resolveExternalRefs(context, 'contact', [ref])
    if (known === undefined)
      return { ...(await planContactCreate(context, { ...fields, externalRefs: [ref] })), isNew: true }
    return { id: known, changes: await planContactUpdate(context, known, fields), isNew: false }
  }
  const service: ContactService = {
    ...reading,
    ...createRecordRemoval(context, contactEntity, async (kind, row) => planContactRemoval(kind, row)),
    async create(input) {
      const { id, changes } = await planContactCreate(context, input)
      return committed(context, contactEntity, id, changes)
    },
    async update(id, patch, options) {
      return retryOnConflict(async () => {
        await commit(context, await planContactUpdate(context, id, patch, options))
        return reading.get(id)
      })
    },
    async upsert(input) {
      return retryOnTakenRef(() =>
        retryOnConflict(async () => {
          const { id, changes, isNew } = await upsertOne(input)
          if (isNew) return committed(context, contactEntity, id, changes)
          await commit(context, changes)
          return reading.get(id)
        }),
      )
    },
    async upsertMany(inputs) {
      if (inputs.length > 1_000)
        throw validationError([{ path: 'inputs', message: 'must be at most 1000; split the list' }])
      return upsertBatch(inputs)
    },
    async findByExternalRef(ref) {
      const [id] = await resolveExternalRefs(context, 'contact', [
        check({ name: 'externalRef' }, externalRefSchema, ref),
      ])
      if (id === undefined) return undefined
      const [contact] = await reading.getMany([id])
      return contact
    },
    async findByEmail(address) {
      const page = await context.storage.find({
        entity: 'contactPoint',
        where: {
          op: 'and',
          args: [
            { op: 'eq', path: 'kind', value: 'email' },
            { op: 'eq', path: 'value', value: normaliseEmail(address) },
            { op: 'not', arg: { op: 'isNull', path: 'contactId' } },
          ],
        },
        order: ['id'],
        limit: 1,
      })
      const id = page.rows[0]?.contactId as string | undefined
      if (id === undefined) return undefined
      const [contact] = await reading.getMany([id])
      return contact
    },
  }
  return service

  /** One batch for all; when it fails as a whole, item by item, so that only the culprit fails. */
  async function upsertBatch(inputs: readonly ContactUpsert[]): Promise<ItemReport[]> {
    const reports: ItemReport[] = []
    const changes: EntityChange[] = []
    const refs = inputs.map((input) => (input ?? {}).externalRef)
    const known = await resolveKnown(refs)
    const ids = [...new Set(known.values())]
    const rows = new Map((await readMany(context, contactEntity, ids)).map((row, index) => [ids[index], row]))
    const seen = new Set<string>()
    const together: number[] = []
    for (const [index, input] of inputs.entries()) {
      const { externalRef, ...fields } = input ?? {}
      try {
        const ref = check({ name: 'contact' }, refSchema, { externalRef }).externalRef
        const key = JSON.stringify([ref.system, ref.externalId])
        if (seen.has(key))
          throw validationError([{ path: `${index}.externalRef`, message: 'appears twice in the list; keep one' }])
        seen.add(key)
        const id = known.get(key)
        if (id === undefined) {
          const plan = await planContactCreate(context, { ...fields, externalRefs: [ref] })
          changes.push(...plan.changes)
          reports[index] = { outcome: 'created', id: plan.id }
        } else {
          const plan = await planContactUpdate(context, rows.get(id) ?? id, fields)
          const differs = plan.some(
            (change) =>
              change.kind !== 'update' ||
              Object.keys(change.values).some(
                (path) => JSON.stringify(change.before[path]) !== JSON.stringify(change.values[path]),
              ),
          )
          changes.push(...plan)
          reports[index] = { outcome: differs ? 'updated' : 'unchanged', id }
        }
        together.push(index)
      } catch (error) {
        if (!isCrmError(error)) throw error
        reports[index] = { outcome: 'failed', error }
      }
    }
    try {
      await commit(context, changes)
    } catch (error) {
      if (!isCrmError(error, 'conflict')) throw error
      for (const index of together) reports[index] = await upsertAlone(inputs[index] as ContactUpsert)
    }
    return reports
  }

  async function upsertAlone(input: ContactUpsert): Promise<ItemReport> {
    try {
      const before = await service.findByExternalRef(input.externalRef)
      const after = await service.upsert(input)
      const outcome = before === undefined ? 'created' : before.version === after.version ? 'unchanged' : 'updated'
      return { outcome, id: after.id }
    } catch (error) {
      if (!isCrmError(error)) throw error
      return { outcome: 'failed', error }
    }
  }

  async function resolveKnown(refs: readonly (ExternalRef | undefined)[]): Promise<Map<string, string>> {
    const usable = refs.filter(
      (ref): ref is ExternalRef => typeof ref?.system === 'string' && typeof ref.externalId === 'string',
    )
    const ids = await resolveExternalRefs(context, 'contact', usable)
    const known = new Map<string, string>()
    for (const [index, ref] of usable.entries()) {
      const id = ids[index]
      if (id !== undefined) known.set(JSON.stringify([ref.system, ref.externalId]), id)
    }
    return known
  }
}
