import type { Company } from './company-entity.js'

/** How much of a hierarchy to read. */
export interface HierarchyOptions {
  /** Most companies below, 1 to 10,000; 1,000 when left out. */
  readonly limit?: number
  /** Most levels below, 0 to 50; all when left out. */
  readonly depth?: number
}

/** A company below another one. */
export interface PlacedCompany {
  readonly company: Company
  /** Levels below, from 1. Its `parentCompanyId` tells under which company it is. */
  readonly depth: number
}

/** A company among those above and below it. */
export interface CompanyHierarchy {
  readonly company: Company
  /** From the top to the parent. */
  readonly ancestors: readonly Company[]
  /** Level by level. */
  readonly descendants: readonly PlacedCompany[]
  /** There are no more below than these. */
  readonly isComplete: boolean
}
