import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import type { Association, decisionRoles } from '../association/association-entity.js'
import { hasEnded } from '../association/association-rules.js'
import { planImpliedLink, planNewLink } from '../association/linked-record.js'
import { roleType } from '../association/reserved-types.js'

/** What a person has to say when the company decides. */
export type DecisionRole = (typeof decisionRoles)[number]

/** What can be said of a person in a company. */
export interface RoleFields {
  /** What the person is there: “Head of Purchasing”. */
  readonly title?: string
  readonly department?: string
  readonly decisionRole?: DecisionRole
  /** First and last day, such as `2024-03-01`. */
  readonly from?: string
  readonly to?: string
}

/** What a person is, or was, in a company. */
export interface ContactRole extends RoleFields {
  readonly id: string
  readonly version: number
  readonly contactId: string
  readonly companyId: string
  /** The company is the person's main employer. */
  readonly isPrimary: boolean
  /** The last day has come. */
  readonly former: boolean
}

/** Input of a new role. */
export interface NewContactRole extends RoleFields {
  readonly companyId: string
  /** Makes the company the person's main employer, in place of the one before. */
  readonly isPrimary?: boolean
}

/** Input of a change of a role; `null` clears. */
export type ContactRolePatch = { readonly [Field in keyof RoleFields]?: RoleFields[Field] | null } & {
  readonly isPrimary?: boolean
}

/** The fields of a link that are those of a role. */
export const roleFields = ['title', 'department', 'decisionRole', 'from', 'to'] as const

/** A link as the role it stands for. */
export function roleOf(link: Association, primaryCompanyId: string | undefined, day: string): ContactRole {
  const fields = Object.fromEntries(
    roleFields.flatMap((field) => (link[field] === undefined ? [] : [[field, link[field]]])),
  )
  const former = hasEnded(link, day)
  return {
    id: link.id,
    version: link.version,
    contactId: link.fromId,
    companyId: link.toId,
    ...fields,
    isPrimary: !former && primaryCompanyId === link.toId,
    former,
  }
}

/** The ends of a person's role in a company. */
export function roleEnds(contactId: string, companyId: string) {
  return { fromType: 'contact', fromId: contactId, toType: 'company', toId: companyId, typeKey: roleType } as const
}

/** A contact's main employer must be there, and the contact has a role in it. */
export async function planPrimaryRole(
  context: SessionContext,
  contactId: string,
  companyId: unknown,
  options: { readonly isNew: boolean },
): Promise<EntityChange[]> {
  if (typeof companyId !== 'string') return []
  const ends = roleEnds(contactId, companyId)
  return [
    { kind: 'require', entity: 'company', id: companyId, is: 'present', namedBy: 'primaryCompanyId' },
    ...(options.isNew ? [planNewLink(context, ends)] : await planImpliedLink(context, ends)),
  ]
}
