import { type SchemaPlan, type SchemaStep, throwIfAborted } from '@rapport/core/storage'
import type { PostgresDriver } from '../driver.js'
import { fingerprint } from '../sql-identifier.js'

/**
 * Carries out a plan, each step in a transaction of its own. An advisory lock keeps two processes that start together from applying steps
 * at the same time; the second finds them done, since every step only adds what is missing.
 */
export async function applySteps(
  driver: PostgresDriver,
  schema: string,
  plan: SchemaPlan,
  signal?: AbortSignal,
): Promise<void> {
  for (const step of plan.steps) {
    throwIfAborted(signal)
    await driver.transaction(async (connection) => {
      await connection.query({ text: 'select pg_advisory_xact_lock($1::bigint)', values: [lockKey(schema)] })
      for (const text of statementsOf(step)) await connection.query({ text, values: [] })
    })
  }
}

function statementsOf({ sql }: SchemaStep): readonly string[] {
  return sql ?? []
}

/** A key of 63 bits that belongs to this schema's migrations. */
function lockKey(schema: string): string {
  return (BigInt(`0x${fingerprint(`rapport:${schema}`)}`) >> 1n).toString()
}
