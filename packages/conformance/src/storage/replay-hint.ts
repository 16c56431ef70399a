import type { ConformanceReport } from '../conformance-report.js'

/** How to run one case again with the same random choices: the options to add. What ran at the same time is not repeated. */
export function replayHint({ seed, level }: Pick<ConformanceReport, 'seed' | 'level'>, name: string): string {
  const options = [`seed: ${seed}`, ...(level === 'basic' ? [`level: 'basic'`] : []), `only: ${JSON.stringify(name)}`]
  return `To repeat this case alone, add to the options of the run: ${options.join(', ')}`
}
