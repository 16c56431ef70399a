import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './workspace.mjs'

/** The workspace in small: every room and package that the rules name, importing only what it may. */
const clean: Record<string, string> = {
  'core/src/kernel/crm-error.ts': 'export class CrmError extends Error {}',
  'core/src/storage/filter.ts': "import { CrmError } from '../kernel/crm-error.js'\nexport const filter = CrmError",
  'core/src/storage/index.ts': "export { filter } from './filter.js'",
  'core/src/storage/memory/memory-storage.ts':
    "import { filter } from '../filter.js'\nexport const memoryStorage = filter",
  'core/src/storage/memory/index.ts': "export { memoryStorage } from './memory-storage.js'",
  'core/src/access/scope.ts': "import { filter } from '../storage/filter.js'\nexport const scope = filter",
  'core/src/entity/commit.ts': "import { scope } from '../access/scope.js'\nexport const commit = scope",
  'core/src/scoring/rfm.ts': 'export const scoreRfm = 1',
  'core/src/scoring/index.ts': "export { scoreRfm } from './rfm.js'",
  'core/src/matching/compare.ts': 'export const compare = 1',
  'core/src/matching/index.ts': "export { compare } from './compare.js'",
  'core/src/customers/contact/contact.ts':
    "import { commit } from '../../entity/commit.js'\nexport const contact = commit",
  'core/src/customers/index.ts': "export { contact } from './contact/contact.js'",
  'core/src/security/member.ts': "import { scope } from '../access/scope.js'\nexport const member = scope",
  'core/src/engagement/activity.ts': "import { contact } from '../customers/index.js'\nexport const activity = contact",
  'core/src/engagement/index.ts': "export { activity } from './activity.js'",
  'core/src/sales/order/order.ts':
    "import { contact } from '../../customers/index.js'\nimport { activity } from '../../engagement/index.js'\nexport const order = [contact, activity]",
  'core/src/sales/index.ts': "export { order } from './order/order.js'",
  'core/src/support/ticket.ts': "import { activity } from '../engagement/index.js'\nexport const ticket = activity",
  'core/src/support/index.ts': "export { ticket } from './ticket.js'",
  'core/src/marketing/segment.ts': "import { contact } from '../customers/index.js'\nexport const segment = contact",
  'core/src/insights/score.ts':
    "import { order } from '../sales/index.js'\nimport { ticket } from '../support/index.js'\nimport { scoreRfm } from '../scoring/index.js'\nexport const score = [order, ticket, scoreRfm]",
  'core/src/automation/rule.ts': "import { commit } from '../entity/commit.js'\nexport const rule = commit",
  'core/src/data-quality/merge.ts': "import { compare } from '../matching/index.js'\nexport const merge = compare",
  'core/src/create-crm.ts':
    "import { rule } from './automation/rule.js'\nimport { order } from './sales/index.js'\nexport const createCrm = [rule, order]",
  'core/src/index.ts': "export { createCrm } from './create-crm.js'",
  'core/src/testing.ts':
    "import { createCrm } from './create-crm.js'\nimport { memoryStorage } from './storage/memory/index.js'\nexport const createTestCrm = [createCrm, memoryStorage]",
  'core/src/sales/order/order-service.test.ts': "import { createTestCrm } from '../../testing.js'\nvoid createTestCrm",
  'postgres/src/postgres-storage.ts':
    "import { filter } from '@rapport/core/storage'\nexport const postgresStorage = filter",
  'postgres/src/index.ts': "export { postgresStorage } from './postgres-storage.js'",
  'conformance/src/run.ts': "import { filter } from '@rapport/core/storage'\nexport const run = filter",
  'conformance/src/self/memory.ts':
    "import { memoryStorage } from '@rapport/core/storage/memory'\nexport const self = memoryStorage",
  'conformance/src/index.ts': "export { run } from './run.js'",
  'http/src/handler.ts': "import { createCrm } from '@rapport/core'\nexport const createHttpHandler = createCrm",
  'http/src/node/index.ts': "import { createServer } from 'node:http'\nexport const serve = createServer",
  'http/src/client/client.ts': 'export const createClient = 1\nexport type Client = number',
  'http/src/client/index.ts': "export { createClient, type Client } from './client.js'",
  'http/src/index.ts': "export { createHttpHandler } from './handler.js'",
  'widgets/src/customer-card/customer-card.ts':
    "import type { createCrm } from '@rapport/core'\nimport { scoreRfm } from '@rapport/core/scoring'\nimport { createClient } from '@rapport/http/client'\nexport const card = [scoreRfm, createClient] as unknown as typeof createCrm",
  'widgets/src/customer-card/index.ts': "export { card } from './customer-card.js'",
  'widgets/src/define/customer-card.ts': "import { card } from '../customer-card/index.js'\nvoid card",
  'widgets/src/index.ts': "export { card } from './customer-card/index.js'",
}

/** One forbidden import each: the file that gets it, what it imports, and the rule that must name it. */
const violations: { file: string; imports: string; rule: string }[] = [
  { file: 'core/src/kernel/planted.ts', imports: '../storage/filter.js', rule: 'floor-kernel' },
  { file: 'core/src/kernel/planted.ts', imports: '../scoring/index.js', rule: 'floor-kernel' },
  { file: 'core/src/storage/planted.ts', imports: '../access/scope.js', rule: 'floor-storage' },
  { file: 'core/src/access/planted.ts', imports: '../entity/commit.js', rule: 'floor-access' },
  { file: 'core/src/entity/planted.ts', imports: '../customers/index.js', rule: 'floor-entity' },
  { file: 'core/src/scoring/planted.ts', imports: '../kernel/crm-error.js', rule: 'pure-engines' },
  { file: 'core/src/matching/planted.ts', imports: '../scoring/index.js', rule: 'pure-engines' },
  { file: 'core/src/backup/planted.ts', imports: '../customers/index.js', rule: 'domain-backup' },
  { file: 'core/src/customers/planted.ts', imports: '../sales/index.js', rule: 'domain-customers' },
  { file: 'core/src/security/planted.ts', imports: '../sales/index.js', rule: 'domain-security' },
  { file: 'core/src/engagement/planted.ts', imports: '../sales/index.js', rule: 'domain-engagement' },
  { file: 'core/src/engagement/planted.ts', imports: '../customers/contact/contact.js', rule: 'domain-engagement' },
  { file: 'core/src/sales/planted.ts', imports: '../support/index.js', rule: 'domain-sales' },
  { file: 'core/src/sales/planted.ts', imports: '../scoring/rfm.js', rule: 'domain-sales' },
  { file: 'core/src/support/planted.ts', imports: '../sales/index.js', rule: 'domain-support' },
  { file: 'core/src/support/planted.ts', imports: '../engagement/activity.js', rule: 'domain-support' },
  { file: 'core/src/marketing/planted.ts', imports: '../insights/score.js', rule: 'domain-marketing' },
  { file: 'core/src/insights/planted.ts', imports: '../marketing/segment.js', rule: 'domain-insights' },
  { file: 'core/src/insights/planted.ts', imports: '../sales/order/order.js', rule: 'domain-insights' },
  { file: 'core/src/automation/planted.ts', imports: '../sales/index.js', rule: 'domain-automation' },
  { file: 'core/src/data-quality/planted.ts', imports: '../customers/index.js', rule: 'domain-data-quality' },
  { file: 'core/src/sales/planted.ts', imports: '../create-crm.js', rule: 'composition-root' },
  { file: 'core/src/customers/planted.ts', imports: './index.js', rule: 'room-without-own-door' },
  { file: 'core/src/storage/planted.ts', imports: './index.js', rule: 'room-without-own-door' },
  { file: 'core/src/storage/memory/planted.ts', imports: './index.js', rule: 'memory-without-own-door' },
  { file: 'core/src/entity/index.ts', imports: './commit.js', rule: 'no-barrel-on-the-floor' },
  { file: 'core/src/entity/deep/index.ts', imports: '../commit.js', rule: 'no-barrel-on-the-floor' },
  { file: 'core/src/entity/planted.ts', imports: 'node:crypto', rule: 'runs-in-a-browser' },
  { file: 'core/src/sales/planted.ts', imports: './order/order-service.test.js', rule: 'no-test-in-product' },
  { file: 'core/src/sales/planted.ts', imports: 'leftpad', rule: 'no-dangling-import' },
  { file: 'core/src/entity/planted.ts', imports: 'vitest', rule: 'declared-dependency' },
  { file: 'core/src/sales/planted.ts', imports: '@rapport/postgres', rule: 'core-alone' },
  { file: 'postgres/src/planted.ts', imports: './index.js', rule: 'package-without-own-door' },
  { file: 'postgres/src/planted.ts', imports: '@rapport/core', rule: 'adapters-see-the-contract' },
  { file: 'postgres/src/planted.ts', imports: '@rapport/core/storage/memory', rule: 'adapters-see-the-contract' },
  { file: 'postgres/src/planted.ts', imports: '../../core/src/storage/filter.js', rule: 'package-doors' },
  { file: 'conformance/src/planted.ts', imports: '@rapport/core/storage/memory', rule: 'adapters-see-the-contract' },
  { file: 'conformance/src/self/planted.ts', imports: '@rapport/core', rule: 'conformance-proves-itself' },
  { file: 'http/src/planted.ts', imports: '@rapport/postgres', rule: 'http-on-core' },
  { file: 'http/src/planted.ts', imports: '../../core/src/entity/commit.js', rule: 'package-doors' },
  { file: 'widgets/src/planted.ts', imports: '@rapport/core', rule: 'widgets-values' },
  { file: 'widgets/src/planted.ts', imports: '@rapport/http', rule: 'widgets-values' },
  { file: 'widgets/src/planted.ts', imports: '@rapport/conformance', rule: 'widgets-types' },
  { file: 'widgets/src/planted.ts', imports: 'zod', rule: 'widgets-without-zod' },
]

interface Report {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-import-rules-'))
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(root, file), join(folder, file))
  for (const name of ['core', 'postgres', 'conformance', 'http', 'widgets']) {
    const file = `packages/${name}/package.json`
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const [file, text] of Object.entries(clean)) write(file, text)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the import rules', () => {
  test('report nothing on a workspace that keeps them, and every planted violation by the rule it breaks', () => {
    expect(violationsFound()).toEqual([])

    // One file per violation, so that one run of the tool judges them all.
    const planted = violations.map(({ file, imports, rule }, index) => {
      const own = file.replace('planted', `planted-${index}`)
      write(own, `import * as planted from '${imports}'\nexport const use${index} = planted`)
      return `${rule}: packages/${own}`
    })
    write('core/src/sales/ring-a.ts', "import { b } from './ring-b.js'\nexport const a: unknown = () => b")
    write('core/src/sales/ring-b.ts', "import { a } from './ring-a.js'\nexport const b: unknown = () => a")

    expect(violationsFound()).toEqual(
      expect.arrayContaining([...planted, 'no-circle: packages/core/src/sales/ring-a.ts']),
    )
  }, 60_000)
})

function write(file: string, text: string): void {
  const path = join(folder, 'packages', file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${text}\n`)
}

/** Runs the tool on the small workspace: `rule: file` for every violation. */
function violationsFound(): string[] {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages']
  const { stdout, stderr } = spawnSync(process.execPath, [tool, ...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (stdout === '') throw new Error(`The tool said nothing: ${stderr}`)
  const report = JSON.parse(stdout) as Report
  return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)
}
