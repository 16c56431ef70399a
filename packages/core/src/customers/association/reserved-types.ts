/** Links that services of their own keep, with the calls that do it. */
const reserved: Readonly<Record<string, string>> = {
  role: 'contacts.addRole, endRole and removeRole',
  memberOf: 'groups.add, leave and remove',
}

/** What a person is in a company. */
export const roleType = 'role'

/** That a person belongs to a household or another group. */
export const membershipType = 'memberOf'

/** Whether a kind of link has a service of its own. */
export function isReservedType(typeKey: unknown): boolean {
  return typeof typeKey === 'string' && Object.hasOwn(reserved, typeKey)
}

/** Which calls keep the links of a reserved kind. */
export function keeperOf(typeKey: string): string {
  return reserved[typeKey] ?? ''
}
