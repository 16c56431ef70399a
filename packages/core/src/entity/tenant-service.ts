import { commit } from './commit.js'
import { parseNew } from './input.js'
import { createRecordService, type PatchOf, retryOnConflict } from './record-service.js'
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
        await commit(context, [{ kind: 'create', entity: 'tenant', id, values: parseNew(tenantEntity, given) }])
        return records.get(id)
      }),
  }
}
