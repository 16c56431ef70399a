import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface ProcessEnd {
  readonly code: number | null
  readonly output: string
}

/** Runs the fixture as `node --test` would run an author's file, and collects what it prints as TAP. */
function runNodeTest(fault?: string): Promise<ProcessEnd> {
  const fixture = fileURLToPath(new URL('node-test.fixture.ts', import.meta.url))
  const tsconfig = fileURLToPath(new URL('../../../../tsconfig.json', import.meta.url))
  const { NODE_OPTIONS, ...environment } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=tap', fixture], {
    env: { ...environment, TSX_TSCONFIG_PATH: tsconfig, ...(fault !== undefined && { FAULT: fault }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

const countOf = (output: string, what: string): number =>
  Number(output.match(new RegExp(`^# ${what} (\\d+)$`, 'm'))?.[1])

test('node:test passes a sound storage, and skips with the reason', { timeout: 120_000 }, async () => {
  const { code, output } = await runNodeTest()
  expect(output).toMatch(/# SKIP capabilities\.search is false/)
  expect(output).toMatch(/# SKIP no counter option is given/)
  expect(countOf(output, 'fail')).toBe(0)
  expect(countOf(output, 'pass')).toBeGreaterThan(130)
  expect(countOf(output, 'skipped')).toBeGreaterThan(60)
  expect(code).toBe(0)
})

test('node:test fails a broken storage, and says how to replay the case', { timeout: 120_000 }, async () => {
  const { code, output } = await runNodeTest('ignores ifVersion')
  expect(code).toBe(1)
  expect(output).toMatch(/not ok \d+ - versions: a write at another version fails with conflict, and changes nothing/)
  expect(output).toContain('seed 7: ')
  expect(output).toContain(
    `seed: 7, level: 'basic', only: "versions: a write at another version fails with conflict, and changes nothing"`,
  )
})
