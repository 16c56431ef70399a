export type { BackupConsistency } from './backup-format.js'
export { restorationEntity } from './restoration-entity.js'
export type { BackupText, RestoredTenant } from './restore-tenant.js'
export { createTenantBackup, type TenantBackup } from './tenant-backup.js'
