import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, toolEnvironment } from './workspace.mjs'

let folder: string

/** Runs a tool in a copy of the workspace. */
function run(...command: [string, ...string[]]): { status: number | null; output: string } {
  const [program, ...args] = command
  const shell = process.platform === 'win32'
  const result = spawnSync(program, args, { cwd: folder, env: toolEnvironment(), encoding: 'utf8', shell })
  return { status: result.status, output: result.stdout + result.stderr }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-new-entity-'))
  const copied = ['package.json', 'tsconfig.json', 'biome.json', '.gitignore', 'vitest.config.ts', 'scripts']
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'packages/core'), { recursive: true })
  cpSync(join(root, 'packages/core/package.json'), join(folder, 'packages/core/package.json'))
  cpSync(join(root, 'packages/core/src'), join(folder, 'packages/core/src'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('npm run new:entity', () => {
  test('writes an entity that lints, compiles and passes its own tests, behind the door of its domain', () => {
    const made = run('node', 'scripts/new-entity.mjs', 'marketing/coupon-batch')
    expect(made.output).toContain('packages/core/src/marketing/coupon-batch/coupon-batch-service.ts')
    expect(made.status).toBe(0)

    const door = readFileSync(join(folder, 'packages/core/src/marketing/index.ts'), 'utf8')
    expect(door).toContain("from './coupon-batch/coupon-batch-service.js'")
    const files = [...made.output.matchAll(/packages\/core\/src\/\S+\.ts$/gm)].map(([file]) => file)
    expect(typeErrorsIn([...files, 'packages/core/src/marketing/index.ts'])).toEqual([])
    expect(run('biome', 'check', 'packages/core/src/marketing')).toMatchObject({ status: 0 })
    expect(run('vitest', 'run', '--project', 'node', 'packages/core/src/marketing')).toMatchObject({ status: 0 })
  }, 120_000)

  test('says in one sentence what is wrong with the name', () => {
    expect(run('node', 'scripts/new-entity.mjs', 'nowhere/thing').output).toMatch(
      /^There is no domain "nowhere"; .*\n$/,
    )
    expect(run('node', 'scripts/new-entity.mjs', 'sales/BadName').output).toMatch(/^Say which, in kebab-case: .*\n$/)
    expect(run('node', 'scripts/new-entity.mjs').status).toBe(1)
  })
})

/** What the type checker says about the given files alone. */
function typeErrorsIn(files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, folder)
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
  )
  return files.flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(join(folder, file)))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  )
}
