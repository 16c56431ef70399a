// @ts-check
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))

/**
 * Builds the demo: the server, with what comes from npm left as imports, and what the browser loads, in one piece per page and with the
 * parts that pages share.
 *
 * @param {object} [options]
 * @param {string} [options.folder] where to, below the example
 * @param {boolean} [options.fromSources] take the sources of Rapport's packages, as tests do, instead of the packages as they were built
 */
export async function buildDemo({ folder = 'dist', fromSources = false } = {}) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: path('.'),
    bundle: true,
    logLevel: 'warning',
    // Chunks that packages share do nothing by themselves; that they are left out where unused is as it should be.
    logOverride: { 'ignored-bare-import': 'silent' },
    // The packages name their built files as those that do something when imported; of sources nothing may be left out.
    ignoreAnnotations: fromSources,
    // The first of the two maps package names to sources, the other does not.
    tsconfig: path(fromSources ? '../../tsconfig.json' : '../../tsconfig.build.json'),
  }
  rmSync(path(`${folder}/public`), { recursive: true, force: true })
  await Promise.all([
    build({
      ...common,
      entryPoints: ['start.ts', 'scoring-worker.ts'],
      outdir: folder,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      packages: 'external',
      sourcemap: true,
    }),
    build({
      ...common,
      entryPoints: ['admin', 'admin-import', 'admin-duplicates', 'admin-merges', 'admin-customer', 'storefront'].map(
        (page) => `browser/${page}.ts`,
      ),
      outdir: `${folder}/public`,
      format: 'esm',
      target: 'es2024',
      splitting: true,
      minify: true,
    }),
    build({
      ...common,
      entryPoints: ['browser/admin-look.ts', 'browser/storefront-look.ts'],
      outdir: `${folder}/public`,
      format: 'iife',
      target: 'es2024',
      minify: true,
    }),
  ])
  cpSync(path('assets'), path(`${folder}/public`), { recursive: true })
}
