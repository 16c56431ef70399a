import type { EntityChange } from '../../entity/entity-change.js'
import type { SessionContext } from '../../entity/session-context.js'
import { invalidField } from '../../kernel/crm-error.js'
import type { Row } from '../../storage/row.js'

/** Most levels that companies can lie above each other. */
export const deepestHierarchy = 50

const idsPerQuery = 500
const mostBelow = 10_000

/**
 * What keeps the hierarchy free of circles when a company gets a parent: every company above it must be as it was read, so of several
 * writers who would close a circle together one finds it changed and looks again. Throws `validation_failed` for a circle, for a
 * parent that is not there, and where the hierarchy would become deeper than 50 levels.
 */
export async function planParent(
  context: SessionContext,
  parentCompanyId: unknown,
  company?: Row,
): Promise<EntityChange[]> {
  if (typeof parentCompanyId !== 'string' || parentCompanyId === company?.parentCompanyId) return []
  const above = await companiesAbove(context, parentCompanyId, company?.id)
  const below = company ? await levelsBelow(context, company.id, deepestHierarchy - above.length) : 0
  if (above.length + 1 + below > deepestHierarchy) throw tooDeep()
  const [parent, ...rest] = above
  return [
    // Whoever is new cannot be above anybody, so only the parent must be there.
    { kind: 'require', entity: 'company', id: parentCompanyId, is: 'present', namedBy: 'parentCompanyId' },
    ...(company ? [parent as Row, ...rest] : []).map(
      ({ id, version }): EntityChange => ({ kind: 'require', entity: 'company', id, is: version }),
    ),
  ]
}

/** The companies from a parent to the top. */
async function companiesAbove(context: SessionContext, parentCompanyId: string, below?: string): Promise<Row[]> {
  const line: Row[] = []
  for (let above: unknown = parentCompanyId; typeof above === 'string'; ) {
    if (above === below) throw invalidField('parentCompanyId', 'would put the company above itself')
    if (line.length === deepestHierarchy) throw tooDeep()
    const [row] = await context.storage.getMany('company', [above])
    if (!row) {
      if (line.length === 0) throw invalidField('parentCompanyId', 'must be the id of a company')
      return line
    }
    line.push(row)
    above = row.parentCompanyId
  }
  return line
}

/** How many levels there are below a company, `most` at most. One read for each 500 companies of a level. */
async function levelsBelow(context: SessionContext, id: string, most: number): Promise<number> {
  let level: readonly string[] = [id]
  let seen = 0
  for (let depth = 0; ; depth++) {
    const next: string[] = []
    for (let start = 0; start < level.length && seen + next.length < mostBelow; start += idsPerQuery) {
      const values = level.slice(start, start + idsPerQuery)
      const page = await context.storage.find({
        entity: 'company',
        where: {
          op: 'and',
          args: [
            { op: 'in', path: 'parentCompanyId', values },
            { op: 'isNull', path: 'deletedAt' },
          ],
        },
        order: ['id'],
        limit: 1_000,
        fields: ['id'],
      })
      next.push(...page.rows.map((row) => row.id))
    }
    if (next.length === 0 || depth === most || seen >= mostBelow) return depth
    seen += next.length
    level = next
  }
}

function tooDeep(): Error {
  return invalidField('parentCompanyId', `the hierarchy would be deeper than ${deepestHierarchy} levels`)
}
