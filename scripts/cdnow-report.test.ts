import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cdnowReport, REPORT_FILES } from './cdnow-report.js'
import { root } from './workspace.mjs'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const committed = { markdown: read(REPORT_FILES.markdown), svg: read(REPORT_FILES.svg) }

/** Cells of the table row that starts with these cells. */
function cellsOf(...start: string[]): string[] {
  const line = committed.markdown.split('\n').find((row) => row.startsWith(`| ${start.join(' | ')} |`)) ?? ''
  return line.split('|').map((cell) => cell.trim().replace('−', '-'))
}

describe('the report on CDNOW', () => {
  it('says what the code computes now: `npm run docs:cdnow` writes it anew', () => {
    expect(cdnowReport(read('examples/shop-demo/data/cdnow_sample.csv'))).toEqual(committed)
  })

  it.each([
    // Fader, Hardie & Lee (2005), Marketing Science 24(2).
    ['BG/NBD', 'r', '0.243'],
    ['BG/NBD', 'alpha', '4.414'],
    ['BG/NBD', 'a', '0.793'],
    ['BG/NBD', 'b', '2.426'],
    ['BG/NBD', 'LL', '-9582.4'],
    ['Pareto/NBD', 'r', '0.553'],
    ['Pareto/NBD', 'alpha', '10.578'],
    ['Pareto/NBD', 's', '0.606'],
    ['Pareto/NBD', 'beta', '11.669'],
    ['Pareto/NBD', 'LL', '-9595.0'],
    // Tests of BTYDplus and lifetimes.
    ['MBG/NBD', 'r', '0.525'],
    ['MBG/NBD', 'alpha', '6.183'],
    ['MBG/NBD', 'a', '0.891'],
    ['MBG/NBD', 'b', '1.614'],
    // Fader & Hardie (2013), note 025.
    ['Gamma-Gamma', 'p', '6.25'],
    ['Gamma-Gamma', 'q', '3.74'],
    ['Gamma-Gamma', 'v', '15.44'],
  ])('%s has the published %s, %s', (model, parameter, published) => {
    const [, , , printed, here] = cellsOf(model, parameter)
    expect(printed).toBe(published)
    expect(Number(here).toFixed(published.split('.')[1]!.length)).toBe(published)
  })

  it('has the totals of the sample and its holdout, and the lifetime value of lifetimes', () => {
    // 2,457 and 1,882 purchases, and the sums of the models: counted and computed independently of this package.
    expect(cellsOf('repeat purchases in calibration')[2]).toBe('2,457, by 946 customers')
    expect(cellsOf('all, total').slice(2, 6)).toEqual(['2,357', '1,882', '1,653.4', '1,576.7'])
    expect(cellsOf('78')[2]).toBe('4,339')
    expect(committed.markdown).toContain('the sum is $71,507.95.')
  })

  it("expects 1.226 purchases of customer 1, as Hardie's note 004 does", () => {
    const [, example = ''] = committed.markdown.split('### Customer 1\n')
    expect(example).toMatch(/\| BG\/NBD \| 0\.7266 \| 1\.226 \|/)
  })

  it('has a picture with a name and a description, without scripts or anything from elsewhere', () => {
    expect(committed.svg).toContain('aria-labelledby="title description"')
    expect(committed.svg).toMatch(/<title id="title">[^<]+<\/title>\s*<desc id="description">[^<]+4,339[^<]+<\/desc>/)
    expect(committed.svg).toContain('prefers-color-scheme: dark')
    expect(committed.svg).not.toMatch(/<script|href|url\(|NaN/i)
    expect(committed.markdown).not.toMatch(/NaN|undefined|Infinity/)
  })
})
