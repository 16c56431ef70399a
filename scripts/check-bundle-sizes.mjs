// @ts-check
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './workspace.mjs'

// What an application downloads for an entry, its dependencies included: bundled and minified from the built files, then
// gzipped. What is loaded later, by `import()`, is not counted. Over 100 % of the budget in budgets.json fails, over 90 %
// is said.

/**
 * `only` names what is imported of the entries; all of it where left out.
 *
 * @typedef {{ name: string, entries: string[], only?: string[], external?: string[], budgetKiB: number }} Budget
 */

/** @type {{ budgets: Budget[] }} */
const { budgets } = JSON.parse(readFileSync(join(root, 'budgets.json'), 'utf8'))

let over = 0
for (const { name, entries, only, external = [], budgetKiB } of budgets) {
  const sizeKiB = (await gzippedBytes(entries, only, external)) / 1024
  const share = sizeKiB / budgetKiB
  const verdict = share > 1 ? 'OVER' : share > 0.9 ? 'near' : ''
  if (share > 1) over += 1
  console.log(
    `      ${name.padEnd(34)} ${sizeKiB.toFixed(1).padStart(6)} of ${String(budgetKiB).padStart(3)} KiB ${verdict}`.trimEnd(),
  )
}
if (over > 0) console.error(`${over} over budget: make the entry lighter, or argue for a new figure in budgets.json.`)
process.exitCode = over === 0 ? 0 : 1

/**
 * @param {string[]} entries
 * @param {string[] | undefined} only
 * @param {string[]} external
 */
async function gzippedBytes(entries, only, external) {
  // What is imported is kept alive, otherwise nothing of an entry would be in its bundle.
  const names = entries.map((_, index) => `entry${index}`)
  const imports = entries.map((entry, index) => `import * as ${names[index]} from '${entry}'`)
  const uses = only === undefined ? names : names.flatMap((name) => only.map((member) => `${name}.${member}`))
  const { outputFiles, metafile } = await build({
    stdin: { contents: `${imports.join('\n')}\nglobalThis.kept = [${uses.join(', ')}]`, resolveDir: root },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['node:*', ...external],
    // Built files by their package names, not the sources that the workspace's tsconfig points to.
    tsconfigRaw: {},
    legalComments: 'none',
    outdir: root,
    metafile: true,
    write: false,
    logLevel: 'error',
  })
  const [first] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === '<stdin>') ?? []
  const loaded = new Set(first === undefined ? [] : [first])
  for (const file of loaded) {
    for (const { path, kind, external: isOutside } of metafile.outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !isOutside) loaded.add(path)
    }
  }
  return outputFiles
    .filter(({ path }) => loaded.has(relative(process.cwd(), path)))
    .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
}
