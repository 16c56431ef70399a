import type { PostgresConnection, PostgresDriver, Statement } from './driver.js'
import type { Profile } from './profile/profile.js'
import { systemSetting, tenantSetting } from './schema/row-security.js'

/** Names the tenant whose rows the rest of the transaction may see and write. */
export function setTenant({ tenantSetting: kind }: Profile, tenantId: string): Statement {
  return setLocal(kind, tenantSetting, tenantId)
}

/** Lets the rest of the transaction read across tenants. */
export function setSystem({ tenantSetting: kind }: Profile): Statement {
  return setLocal(kind, systemSetting, 'on')
}

function setLocal(kind: Profile['tenantSetting'], setting: string, value: string): Statement {
  return kind === 'function'
    ? { text: `select set_config('${setting}', $1::text, true)`, values: [value] }
    : { text: `set local ${setting} = ${quoted(value)}`, values: [] }
}

/** A text as it stands in SQL whatever `standard_conforming_strings` says. */
function quoted(text: string): string {
  const doubled = text.replaceAll("'", "''")
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/**
 * A driver that does everything in a transaction which says first what it may see: a tenant, or with {@link setSystem} reads across all.
 * That takes three more round trips for a single statement, two to three times the time of a fast one.
 */
export function securedDriver(driver: PostgresDriver, setting: Statement): PostgresDriver {
  const transaction: PostgresDriver['transaction'] = (work, options) =>
    driver.transaction(async (connection) => {
      await connection.query(setting)
      return work(connection)
    }, options)
  return {
    countsRows: driver.countsRows === true,
    query: (statement, options) => transaction((connection) => connection.query(statement, options), options),
    transaction,
    close: () => driver.close(),
  }
}

/** A connection within a host's transaction that says before every statement what it may see, since the host may serve several tenants. */
export function securedConnection(connection: PostgresConnection, setting: Statement): PostgresConnection {
  return {
    countsRows: connection.countsRows === true,
    async query(statement, options) {
      // In a transaction that failed, nothing but going back is allowed.
      if (!statement.text.startsWith('rollback')) await connection.query(setting)
      return connection.query(statement, options)
    },
  }
}
