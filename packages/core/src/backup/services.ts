// Backup and restore, loaded when one of them is first called; see tenant-backup.ts.
export { backupTenant } from './backup-tenant.js'
export { restoreTenant } from './restore-tenant.js'
