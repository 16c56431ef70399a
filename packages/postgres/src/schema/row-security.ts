import { CrmError } from '@rapport/core/storage'
import type { Catalogue, CatalogueTable } from './catalogue.js'
import { type MigrationStep, quickStep } from './migration-step.js'

/** Setting of a transaction that names the tenant whose rows it may see and write. */
export const tenantSetting = 'rapport.tenant'
/** Setting of a transaction, `on` for one that reads across tenants. */
export const systemSetting = 'rapport.system'

const tenantPolicy = 'rapport_tenant'
const systemPolicy = 'rapport_system'

/** A table to secure: its name in the catalogue, and quoted with the schema. */
export interface SecuredTable {
  readonly name: string
  readonly sql: string
}

/**
 * The statements that lock a table: rows of the tenant that the transaction names, and nothing while it names none. The owner is
 * locked out too; a superuser never is.
 */
export function secureTableSql(table: string): string[] {
  const own = `"tenant_id" = current_setting('${tenantSetting}', true)`
  return [
    `alter table ${table} enable row level security`,
    `alter table ${table} force row level security`,
    `drop policy if exists "${tenantPolicy}" on ${table}`,
    `create policy "${tenantPolicy}" on ${table} using (${own}) with check (${own})`,
    `drop policy if exists "${systemPolicy}" on ${table}`,
    `create policy "${systemPolicy}" on ${table} for select using (current_setting('${systemSetting}', true) = 'on')`,
  ]
}

/**
 * The steps that lock tables, new ones too, or unlock them when row-level security is given up. Throws `unsupported` when it is on and
 * the storage was not told, since every read would find nothing.
 */
export function rowSecuritySteps(
  tables: readonly SecuredTable[],
  { tables: existing }: Catalogue,
  wanted: boolean | undefined,
): MigrationStep[] {
  return tables.flatMap(({ name, sql }): MigrationStep[] => {
    const table = existing.get(name)
    if ((table !== undefined && isSecured(table)) === (wanted === true)) return []
    if (wanted === undefined) throw notTold()
    return wanted
      ? [
          quickStep(
            `secure:${name}`,
            `Lets a transaction see and write only rows of its tenant in ${name}.`,
            secureTableSql(sql),
          ),
        ]
      : [quickStep(`unsecure:${name}`, `Gives up row-level security on ${name}.`, releaseTableSql(sql))]
  })
}

function isSecured({ isSecured: enabled, policies }: CatalogueTable): boolean {
  return enabled && policies.has(tenantPolicy) && policies.has(systemPolicy)
}

function releaseTableSql(table: string): string[] {
  return [
    `drop policy if exists "${tenantPolicy}" on ${table}`,
    `drop policy if exists "${systemPolicy}" on ${table}`,
    `alter table ${table} no force row level security`,
    `alter table ${table} disable row level security`,
  ]
}

function notTold(): CrmError {
  return new CrmError('unsupported', 'The tables have row-level security, which this storage was not told', {
    reason: 'row_level_security',
    remedy: 'open the storage with rowLevelSecurity: true, or with false to give it up when the plan is applied',
  })
}
