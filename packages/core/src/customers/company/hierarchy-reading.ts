import { readRecords } from '../../entity/record-map.js'
import { eachRecord, readOne } from '../../entity/record-reader.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import { type Company, companyEntity } from './company-entity.js'
import { deepestHierarchy } from './company-hierarchy.js'
import type { CompanyHierarchy, HierarchyOptions, PlacedCompany } from './hierarchy.js'

const defaultLimit = 1_000
const mostCompanies = 10_000
const idsPerQuery = 500

/** A company among those above and below it. See `CompanyService.hierarchy`. */
export async function readHierarchy(
  context: SessionContext,
  id: string,
  { limit = defaultLimit, depth = deepestHierarchy }: HierarchyOptions,
): Promise<CompanyHierarchy> {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostCompanies)
    throw invalidField('limit', `must be a whole number from 1 to ${mostCompanies}`)
  if (!Number.isInteger(depth) || depth < 0 || depth > deepestHierarchy)
    throw invalidField('depth', `must be a whole number from 0 to ${deepestHierarchy}`)
  await readOne(context, companyEntity, id)
  const company = (await readRecords<Company>(context, companyEntity, [id])).get(id) as Company
  const [ancestors, below] = await Promise.all([
    readAncestors(context, company),
    readDescendants(context, id, limit, depth),
  ])
  return { company, ancestors, ...below }
}

/** The companies above, the top one first; one read for each level. One that may not be read ends the line. */
async function readAncestors(context: SessionContext, company: Company): Promise<Company[]> {
  const line: Company[] = []
  const seen = new Set([company.id])
  for (
    let above = company.parentCompanyId;
    above !== undefined && line.length < deepestHierarchy && !seen.has(above);
  ) {
    seen.add(above)
    const found: Company | undefined = (await readRecords<Company>(context, companyEntity, [above])).get(above)
    if (!found) break
    line.unshift(found)
    above = found.parentCompanyId
  }
  return line
}

/** The companies below, level by level; one read for each 500 companies of a level, and one for each 1,000 found. */
async function readDescendants(
  context: SessionContext,
  id: string,
  limit: number,
  depth: number,
): Promise<{ readonly descendants: readonly PlacedCompany[]; readonly isComplete: boolean }> {
  const descendants: PlacedCompany[] = []
  const seen = new Set([id])
  let level: readonly string[] = [id]
  for (let steps = 1; level.length > 0; steps++) {
    const next: string[] = []
    for (let start = 0; start < level.length; start += idsPerQuery) {
      for await (const company of childrenOf(context, level.slice(start, start + idsPerQuery))) {
        if (seen.has(company.id)) continue
        if (descendants.length === limit || steps > depth) return { descendants, isComplete: false }
        seen.add(company.id)
        next.push(company.id)
        descendants.push({ company, depth: steps })
      }
    }
    level = next
  }
  return { descendants, isComplete: true }
}

function childrenOf(context: SessionContext, ids: readonly string[]): AsyncGenerator<Company> {
  return eachRecord<Company>(context, companyEntity, {
    where: { parentCompanyId: { in: ids } },
    orderBy: ['parentCompanyId', 'id'],
    limit: 1_000,
  })
}
