// @ts-check
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './workspace.mjs'

// What an application downloads for an entry, its dependencies included: bundled and minified from the built files, then
// gzipped. Over 100 % of the budget in budgets.json fails, over 90 % is said.

/** @typedef {{ name: string, entries: string[], external?: string[], budgetKiB: number }} Budget */

/** @type {{ budgets: Budget[] }} */
const { budgets } = JSON.parse(readFileSync(join(root, 'budgets.json'), 'utf8'))

let over = 0
for (const { name, entries, external = [], budgetKiB } of budgets) {
  const sizeKiB = (await gzippedBytes(entries, external)) / 1024
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
 * @param {string[]} external
 */
async function gzippedBytes(entries, external) {
  // The namespaces are kept alive, otherwise nothing of an entry would be in its bundle.
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}'`)
  const uses = entries.map((_, index) => `entry${index}`)
  const { outputFiles } = await build({
    stdin: { contents: `${imports.join('\n')}\nglobalThis.kept = [${uses.join(', ')}]`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['node:*', ...external],
    // Built files by their package names, not the sources that the workspace's tsconfig points to.
    tsconfigRaw: {},
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length
}
