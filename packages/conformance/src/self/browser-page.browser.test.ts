import { memoryStorage } from '@rapport/core/storage/memory'
import { expect, test } from 'vitest'
import { showStorageConformance } from '../browser/index.js'
import type { ConformanceReportJson } from '../index.js'
import { writeFaults } from './broken/write-faults.js'

function stage(): HTMLElement {
  const into = document.createElement('main')
  document.body.replaceChildren(into)
  return into
}

const textOf = (into: Element, part: string): string => into.querySelector(`[data-part=${part}]`)?.textContent ?? ''

test('a page runs the kit in a browser and shows the report as text and as JSON', { timeout: 120_000 }, async () => {
  const into = stage()
  const running = showStorageConformance({ create: () => memoryStorage(), level: 'basic', into })
  expect(into.getAttribute('data-conformance')).toBe('running')
  const report = await running
  expect(report.failed).toEqual([])
  expect(report.passed.length).toBeGreaterThan(230)
  expect(into.getAttribute('data-conformance')).toBe('passed')
  expect(textOf(into, 'text')).toContain('# Storage conformance of memory')
  const json = JSON.parse(textOf(into, 'json')) as ConformanceReportJson
  expect(json).toMatchObject({ ok: true, adapter: 'memory', passed: report.passed, badge: { color: 'green' } })
})

test('a page shows a broken storage as failed, and a run that cannot be done as broken', async () => {
  const { create } = writeFaults.find(({ title }) => title === 'ignores ifVersion')!
  const into = stage()
  await showStorageConformance({ create, level: 'basic', only: 'versions', into })
  expect(into.getAttribute('data-conformance')).toBe('failed')
  expect(textOf(into, 'text')).toContain('### versions: a write at another version fails with conflict')

  const other = stage()
  const running = showStorageConformance({ create: () => memoryStorage(), only: 'no such subject', into: other })
  await expect(running).rejects.toThrow(TypeError)
  expect(other.getAttribute('data-conformance')).toBe('broken')
  expect(textOf(other, 'status')).toContain('no such subject')
})
