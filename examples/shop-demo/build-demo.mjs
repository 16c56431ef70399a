// @ts-check
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))

/**
 * Builds the demo into dist/: the server, with all packages left as imports, and what the browser loads, in one piece per page and
 * with the parts that pages share. Takes the packages as they were built, as any customer of theirs would.
 */
export async function buildDemo() {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: path('.'),
    bundle: true,
    logLevel: 'warning',
    // Chunks that packages share do nothing by themselves; that they are left out where unused is as it should be.
    logOverride: { 'ignored-bare-import': 'silent' },
    // This one has no map of package names to sources.
    tsconfig: path('../../tsconfig.build.json'),
  }
  rmSync(path('dist'), { recursive: true, force: true })
  await Promise.all([
    build({
      ...common,
      entryPoints: ['start.ts'],
      outdir: 'dist',
      platform: 'node',
      sourcemap: true,
      format: 'esm',
      target: 'node22',
      packages: 'external',
    }),
    build({
      ...common,
      entryPoints: ['browser/admin.ts', 'browser/storefront.ts'],
      outdir: 'dist/public',
      format: 'esm',
      target: 'es2024',
      splitting: true,
      minify: true,
    }),
    build({
      ...common,
      entryPoints: ['browser/admin-look.ts', 'browser/storefront-look.ts'],
      outdir: 'dist/public',
      format: 'iife',
      target: 'es2024',
      minify: true,
    }),
  ])
  cpSync(path('assets'), path('dist/public'), { recursive: true })
}
