export type { BackupConsistency } from './backup-format.js'
export { backupTenant } from './backup-tenant.js'
export { restorationEntity } from './restoration-entity.js'
export { type BackupText, type RestoredTenant, restoreTenant } from './restore-tenant.js'
