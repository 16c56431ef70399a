import type { Company } from '../company/company-entity.js'
import type { Contact } from '../contact/contact-entity.js'
import type { ContactRole } from './contact-role.js'

/** A role with the company it is in. */
export interface HeldRole {
  readonly role: ContactRole
  readonly company: Company
}

/** Somebody who works, or worked, where a contact does or did. */
export interface Colleague {
  readonly contact: Contact
  readonly company: Company
  /** What the colleague is there. */
  readonly role: ContactRole
  /** One of the two has left. */
  readonly former: boolean
}

/** A person of a company. */
export interface CompanyPerson {
  readonly contact: Contact
  readonly role: ContactRole
}

/** Which people of a company to list. */
export interface PeopleOptions {
  /** Also those who have left. */
  readonly former?: boolean
  /** 1 to 1,000; 100 when left out. */
  readonly limit?: number
  readonly cursor?: string
}
