// @ts-check
// The whole gate. Everything that needs no running test comes first, two steps at a time, then the tests, one project
// after the other. The last line says how many tests passed and failed, whatever happened before.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runSteps, runVisibly } from './steps.mjs'
import { root } from './workspace.mjs'

const sourceFolders = ['packages', 'examples', 'benchmarks'].filter((name) => existsSync(join(root, name)))
const startedAt = performance.now()
let passed = 0
let failed = 0

console.log('\n== Checks')
const failedStep = await runSteps(
  [
    // First, since it takes longest and others wait for it.
    { name: 'build', command: ['node', 'scripts/build.mjs'] },
    // What an empty clone would meet: a workspace or dependency that the lock file does not know stops `npm ci`.
    {
      name: 'lock file',
      command: ['npm', 'ci', '--dry-run', '--offline', '--no-audit', '--no-fund', '--loglevel=error'],
    },
    { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
    { name: 'import rules', command: ['depcruise', '--config', '.dependency-cruiser.cjs', ...sourceFolders] },
    // By the native compiler, which takes a third of the time; the build's declarations and the doc examples go through the other.
    {
      name: 'types',
      command: ['node', 'node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.json', '--pretty', 'false'],
    },
    { name: 'doc examples', command: ['node', 'scripts/check-doc-examples.mjs'] },
    { name: 'type docs', command: ['typedoc', '--logLevel', 'Warn'] },
    { name: 'exports', command: ['node', 'scripts/check-exports.mjs'], needs: ['build'] },
    { name: 'bundle sizes', command: ['node', 'scripts/check-bundle-sizes.mjs'], needs: ['build'], report: true },
    { name: 'packages', command: ['node', 'scripts/check-packages.mjs'], needs: ['build'] },
  ],
  { lanes: 2 },
)

if (failedStep !== undefined) {
  console.log(`\nThe gate stopped at "${failedStep}"; no test ran.`)
  failed = 1
} else {
  for (const project of ['node', 'postgres', 'browser']) {
    console.log(`\n== Tests: ${project}`)
    const result = await runProject(project)
    passed += result.passed
    failed += result.failed
  }
  if (failed > 0) console.log('\nThe gate stopped at the tests.')
}

console.log(`\nThe gate took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/**
 * Runs one vitest project and counts from its JSON report. What fails outside a test (a file that does not load, an
 * unhandled rejection, a project without tests) counts as one failure.
 *
 * @param {string} project
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function runProject(project) {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-verify-'))
  const report = join(folder, 'report.json')
  try {
    const code = await runVisibly([
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ])
    const { numPassedTests, testResults } = readReport(report)
    const failures = testResults.reduce((sum, file) => sum + failuresOf(file), 0)
    return { passed: numPassedTests, failed: Math.max(failures, code === 0 ? 0 : 1) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileReport
 * @param {string} file
 * @returns {{ numPassedTests: number, testResults: FileReport[] }}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] }
  }
}

/** @param {FileReport} file */
function failuresOf(file) {
  const tests = file.assertionResults.filter((test) => test.status === 'failed').length
  return tests === 0 && file.status === 'failed' ? 1 : tests
}
