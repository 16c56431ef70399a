import { deferredService } from '../entity/deferred-service.js'
import type { SessionContext } from '../entity/session-context.js'
import type { CallOptions } from '../storage/storage-adapter.js'
import type { BackupText, RestoredTenant } from './restore-tenant.js'

/** A tenant out and in again. */
export interface TenantBackup {
  /**
   * All of the tenant as lines of JSON, in constant memory: its state at one instant, whatever others write meanwhile (where the
   * storage has no change feed, each record by itself). Only for an actor with all rights.
   */
  backup(options?: CallOptions): AsyncGenerator<string, void, undefined>
  /**
   * Fills the empty tenant with a backup of it, made by any storage. Only for an actor with all rights; let nobody in before it
   * returns. When it fails, nothing of it stays; when the process dies, the next call removes what is there and begins anew.
   */
  restore(backup: BackupText, options?: CallOptions): Promise<RestoredTenant>
}

/** Backup and restore of a session's tenant: of an encrypted field the ciphertext. Its code is loaded with the first call. */
export function createTenantBackup(context: SessionContext): TenantBackup {
  const stored = { ...context, storage: context.encryption?.stored ?? context.storage }
  const load = async (): Promise<TenantBackup> => {
    const { backupTenant, restoreTenant } = await import('./services.js')
    return {
      backup: (options) => backupTenant(stored, options),
      restore: (backup, options) =>
        restoreTenant(stored, backup, options).finally(() => context.encryption?.forgetKeys()),
    }
  }
  return deferredService(load, { backup: 'each', restore: 'once' })
}
