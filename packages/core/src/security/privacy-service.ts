import * as z from 'zod/mini'
import { authoriseChanges, requireRight } from '../entity/commit-rights.js'
import { encryptionRenewalRun } from '../entity/encryption/renewal-run.js'
import { oneOf, text } from '../entity/field.js'
import { check } from '../entity/input.js'
import { readOne } from '../entity/record-reader.js'
import { createRecordReading, type RecordReading } from '../entity/record-service.js'
import { type Run, runEntity } from '../entity/run-entity.js'
import type { RunEngine } from '../entity/run-service.js'
import type { SessionContext } from '../entity/session-context.js'
import { CrmError, invalidField } from '../kernel/crm-error.js'
import { deriveId } from '../kernel/id.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import { type Erasure, type ErasureMode, erasureEntity, erasureModes } from './erasure-entity.js'
import { createLegalHoldService, type LegalHoldService, refuseHeld } from './legal-hold.js'
import { refuseWhileMerging, withMergedIds } from './merge-traces.js'
import { mapPersonalData, type PersonalDataEntry } from './personal-data-map.js'
import { createRetentionService, type RetentionService } from './retention-service.js'
import { exportSubject } from './subject-export.js'

/** How and why somebody is erased. */
export interface ErasureOptions {
  /** `anonymise` keeps orders, tickets and counts without the person; `delete` removes all that is theirs. */
  readonly mode: ErasureMode
  /** For the evidence, such as `request of the person`; never a name. */
  readonly reason: string
}

/** Personal data of a tenant: where it is, what there is of one person, and its end. */
export interface PrivacyService {
  /** The fields that hold personal data, by entity. */
  map(): Promise<PersonalDataEntry[]>
  /** Everything about a contact as lines of JSON, as far as the actor may read it. */
  export(contactId: string, options?: CallOptions): AsyncGenerator<string, void, undefined>
  /**
   * Erases a contact from every entity, journal values and suppression included, as a run. Needs the right to create an `erasure`.
   * Throws `conflict` while the contact is being merged, `rule_violated` under a legal hold. Erasing again changes nothing.
   */
  erase(contactId: string, options: ErasureOptions): Promise<Run>
  /**
   * Wraps all keys anew under the host's newest key and encrypts what was written before its field was encrypted, as a run. Needs the
   * right to create an `erasure`. Throws `unsupported` where no field is encrypted.
   */
  renewEncryption(): Promise<Run>
  /** What shows that people were erased. */
  readonly erasures: RecordReading<Erasure>
  readonly holds: LegalHoldService
  readonly retention: RetentionService
}

const optionsSchema = z.strictObject({ mode: oneOf(erasureModes), reason: text({ minLength: 1 }) })

/** Privacy of a session. */
export function createPrivacyService(context: SessionContext, runs: RunEngine): PrivacyService {
  const contact = context.registry.get('contact')
  return {
    map: async () => mapPersonalData(context),
    export: (contactId, options) => exportSubject(context, contactId, options),
    async erase(contactId, options) {
      const { mode, reason } = check(erasureEntity, optionsSchema, options)
      if (typeof contactId !== 'string' || contactId === '')
        throw invalidField('contactId', 'must be the id of a contact')
      await requireRight(context, erasureEntity, 'create')
      const done = await erasedBy(context, contactId)
      if (done) return done
      const before = await readOne(context, contact, contactId, { includeDeleted: true })
      const change = mode === 'delete' ? ({ kind: 'delete' } as const) : ({ kind: 'update', values: {} } as const)
      await authoriseChanges(context, [{ ...change, entity: 'contact', before }])
      const ids = await withMergedIds(context, 'contact', contactId)
      await refuseWhileMerging(context, 'contact', ids)
      await refuseHeld(context, new Map([['contact', new Set(ids)]]))
      return runs.start(context, 'privacy.erase', { contactId, mode, reason })
    },
    async renewEncryption() {
      await requireRight(context, erasureEntity, 'create')
      if (!context.encryption)
        throw new CrmError('unsupported', 'No field is encrypted', { remedy: 'give createCrm the option encryption' })
      return runs.start(context, encryptionRenewalRun.kind, {})
    },
    erasures: createRecordReading(context, erasureEntity),
    holds: createLegalHoldService(context),
    retention: createRetentionService(context, runs),
  }
}

/** The run that removed a contact altogether; there is nothing left to erase then. */
async function erasedBy(context: SessionContext, contactId: string): Promise<Run | undefined> {
  const [[row], [erasure]] = await Promise.all([
    context.storage.getMany('contact', [contactId]),
    context.storage.getMany('erasure', [deriveId('erasure', 'contact', contactId)]),
  ])
  if (row || !erasure) return undefined
  return createRecordReading(context, runEntity).get(erasure.runId as string, { includeDeleted: true })
}
