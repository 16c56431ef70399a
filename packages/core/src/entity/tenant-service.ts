import { isCrmError } from '../kernel/crm-error.js'
import { committed, createRecordService, type PatchOf, planCreate, retryOnConflict } from './record-service.js'
import type { SessionContext } from './session-context.js'
import { type Tenant, tenantEntity } from './tenant.js'

/** Settings of the session's tenant. */
export interface TenantService {
  /** `undefined` until settings were made. */
  get(): Promise<Tenant | undefined>
  /** Makes or changes settings; `null` clears. */
  update(patch: PatchOf<typeof tenantEntity>): Promise<Tenant>
}

const id = 'tenant'

/** Tenant settings of a session. */
export function createTenantService(context: SessionContext): TenantService {
  const records = createRecordService(context, tenantEntity)
  return {
    get: async () => (await records.getMany([id]))[0],
    update: (patch) =>
      retryOnConflict(async () => {
        const [known] = await records.getMany([id])
        if (known) return records.update(id, patch)
        const given = Object.fromEntries(Object.entries(patch ?? {}).filter(([, value]) => value !== null))
        const { change } = await planCreate(context, tenantEntity, given, { id })
        try {
          return await committed(context, tenantEntity, id, [change])
        } catch (error) {
          if (!isCrmError(error, 'conflict')) throw error
          return records.update(id, patch)
        }
      }),
  }
}
