import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsup'

interface PackageManifest {
  exports: Record<string, { default: string; browser?: string }>
}

/**
 * The build of one package: ESM, declarations and source maps for every entry that its `exports` promise.
 *
 * The entries are read from package.json, so a new subpath is built as soon as it is declared, and an entry without
 * a source fails the build instead of shipping a dead export. Dependencies stay imports (tsup leaves everything that
 * package.json lists as a dependency or peer alone); declarations are built without the workspace's source map of
 * names, so they refer to `@rapport/core` instead of inlining it.
 *
 * @param configUrl `import.meta.url` of the package's tsup.config.ts
 */
export function packageBuild(configUrl: string): ReturnType<typeof defineConfig> {
  const path = (relative: string): string => fileURLToPath(new URL(relative, configUrl))
  const manifest = JSON.parse(readFileSync(path('package.json'), 'utf8')) as PackageManifest
  return defineConfig({
    entry: entriesOf(manifest, path('.')),
    format: 'esm',
    target: ['node22', 'es2024'],
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    splitting: true,
    clean: true,
    outDir: path('dist'),
    tsconfig: path('../../tsconfig.build.json'),
    silent: true,
    removeNodeProtocol: false,
    external: [/^node:/],
  })
}

/** Output name (relative to dist, no extension) → source file, for each entry of `exports`. */
function entriesOf(manifest: PackageManifest, folder: string): Record<string, string> {
  const targets = Object.entries(manifest.exports).flatMap(([subpath, { default: target, browser }]) =>
    [target, browser].flatMap((file) => (file === undefined ? [] : [[subpath, file] as const])),
  )
  const entries = targets.map(([subpath, target]) => {
    const name = target.replace(/^\.\/dist\//, '').replace(/\.js$/, '')
    const source = [`src/${name}.ts`, `src/${name}.tsx`].find((candidate) => existsSync(`${folder}/${candidate}`))
    if (source === undefined) throw new Error(`${folder}: the export "${subpath}" has no source src/${name}.ts`)
    return [name, source]
  })
  return Object.fromEntries(entries)
}
