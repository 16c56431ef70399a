import { expect, test } from 'vitest'
import { terminalProgress } from './terminal-progress.js'

function written(isTTY: boolean, total: number, updates: readonly number[]): string[] {
  const texts: string[] = []
  const step = terminalProgress({ isTTY, write: (text: string) => texts.push(text) }).step('Purchases', total)
  for (const done of updates) step.update(done)
  step.finish()
  return texts
}

test('a file gets a line per quarter and one for the end', () => {
  expect(written(false, 4_000, [500, 1_000, 1_500, 2_000, 3_500, 4_000])).toEqual([
    'Purchases                  1,000 / 4,000\n',
    'Purchases                  2,000 / 4,000\n',
    'Purchases                  3,500 / 4,000\n',
    'Purchases                  4,000\n',
  ])
})

test('a terminal gets one line that is drawn over', () => {
  const texts = written(true, 4_000, [2_000])
  expect(texts.slice(0, -1).every((text) => text.startsWith('\r\u001b[K'))).toBe(true)
  expect(texts[1]).toContain(`${'█'.repeat(14)}${'░'.repeat(14)} 2,000 / 4,000`)
  expect(texts.at(-2)).toContain(`${'█'.repeat(28)} 4,000`)
  expect(texts.at(-1)).toBe('\n')
})

test('nothing to do is a full bar, not a division by zero', () => {
  expect(written(true, 0, [0]).join('')).not.toContain('NaN')
  expect(written(false, 0, [0])).toEqual(['Purchases                  0\n'])
})
