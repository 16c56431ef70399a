import type { Profile } from '../profile/profile.js'

/** Tables to spread over the nodes of Citus; names quoted, with the schema. */
export interface Distribution {
  /** Small lists without a tenant, which every node keeps whole. */
  readonly shared?: readonly string[]
  /** Tables whose rows lie where their tenant lies. */
  readonly byTenant?: readonly string[]
  /** The table that those lie beside, so that a statement on one tenant stays on one node. */
  readonly beside?: string
}

/** The statements that spread tables over nodes; none where the engine does so by itself. */
export function distributeSql(
  { distribution }: Profile,
  { shared = [], byTenant = [], beside }: Distribution,
): string[] {
  if (!distribution) return []
  const neighbour = beside === undefined ? 'none' : beside
  return [
    ...shared.map((table) => `select create_reference_table(${literal(table)})`),
    ...byTenant.map(
      (table) =>
        `select create_distributed_table(${literal(table)}, 'tenant_id', colocate_with => ${literal(neighbour)})`,
    ),
  ]
}

/** A text as it stands in SQL. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
