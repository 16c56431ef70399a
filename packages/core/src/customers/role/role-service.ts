import type { SessionContext } from '../../entity/session-context.js'
import type { Page } from '../../kernel/page.js'
import type { ContactRole, ContactRolePatch, NewContactRole } from './contact-role.js'
import type { Colleague, CompanyPerson, HeldRole, PeopleOptions } from './role-lists.js'

const services = () => import('../services.js')

/** What persons are in companies. Days are counted in UTC. Who may not be read is left out of lists. */
export interface ContactRoles {
  /** Gives a contact a role in a company. `conflict` while the contact has one there that has not ended. */
  addRole(contactId: string, role: NewContactRole): Promise<ContactRole>
  updateRole(roleId: string, patch: ContactRolePatch): Promise<ContactRole>
  /** The person leaves: the last day is `on`, today when left out. The role stays as a former one. */
  endRole(roleId: string, options?: { readonly on?: string }): Promise<ContactRole>
  /** The role was a mistake. */
  removeRole(roleId: string): Promise<void>
  /** Roles with their companies, at most 100; former ones when asked for. In 3 statements. */
  roles(contactId: string, options?: { readonly former?: boolean }): Promise<HeldRole[]>
  /**
   * Who has a role in the same company at the same time; `former` adds those of whom one has left. At most `limit` (1 to 1,000; 100
   * when left out), in 5 statements.
   */
  colleagues(contactId: string, options?: { readonly former?: boolean; readonly limit?: number }): Promise<Colleague[]>
}

/** The people of companies. */
export interface CompanyPeople {
  /** Who has a role in a company, in the order in which they came; former ones when asked for. In 3 statements. */
  people(companyId: string, options?: PeopleOptions): Promise<Page<CompanyPerson>>
}

/** Roles of contacts. What does it is loaded when it is first needed. */
export function createContactRoles(context: SessionContext): ContactRoles {
  return {
    addRole: async (contactId, role) => (await services()).addRole(context, contactId, role),
    updateRole: async (roleId, patch) => (await services()).updateRole(context, roleId, patch),
    endRole: async (roleId, { on } = {}) => (await services()).endRole(context, roleId, on),
    removeRole: async (roleId) => (await services()).removeRole(context, roleId),
    roles: async (contactId, { former } = {}) => (await services()).readRoles(context, contactId, former),
    colleagues: async (contactId, options = {}) => (await services()).readColleagues(context, contactId, options),
  }
}

/** People of companies. */
export function createCompanyPeople(context: SessionContext): CompanyPeople {
  return {
    people: async (companyId, options = {}) => (await services()).readPeople(context, companyId, options),
  }
}
