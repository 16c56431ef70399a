import { readFileSync } from 'node:fs'

/**
 * The lines between `// #region name` and `// #endregion` of a source file, without their common indentation. The page shows the code
 * that runs, so it cannot grow stale. Throws where the region is not there.
 */
export function sourceRegion(file: URL, name: string): string {
  const lines = readFileSync(file, 'utf8').split('\n')
  const first = lines.findIndex((line) => line.trim() === `// #region ${name}`)
  const last = lines.findIndex((line, index) => index > first && line.trim() === '// #endregion')
  if (first < 0 || last < 0) throw new Error(`${file.pathname} has no region ${name}`)
  const region = lines.slice(first + 1, last)
  const indents = region.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  return region.map((line) => line.slice(Math.min(...indents))).join('\n')
}
