// @ts-check
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Package one published package of this repository
 * @property {string} name e.g. `@rapport/core`
 * @property {string} folder absolute path
 * @property {string[]} needs names of the workspace packages it depends on
 * @property {Record<string, { types: string, default: string }>} exports
 */

/** Absolute path of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The packages under packages/, each after the ones it depends on.
 *
 * @returns {Package[]}
 */
export function packagesInOrder() {
  const folder = join(root, 'packages')
  /** @type {Package[]} */
  const found = readdirSync(folder).flatMap((entry) => {
    const manifest = readManifest(join(folder, entry))
    if (manifest === undefined) return []
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const needs = dependencies.filter((name) => name.startsWith('@rapport/'))
    return [{ name: manifest.name, folder: join(folder, entry), needs, exports: manifest.exports ?? {} }]
  })
  /** @type {Package[]} */
  const ordered = []
  while (ordered.length < found.length) {
    const next = found.find((one) => !ordered.includes(one) && one.needs.every((name) => isDone(name, found, ordered)))
    if (next === undefined) throw new Error('The packages depend on each other in a circle')
    ordered.push(next)
  }
  return ordered
}

/**
 * Environment in which the tools of node_modules/.bin come first, the Node version of the project among them.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment() {
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [path]: [join(root, 'node_modules', '.bin'), process.env[path]].join(delimiter) }
}

/** @param {string} name @param {Package[]} found @param {Package[]} ordered */
function isDone(name, found, ordered) {
  return ordered.some((one) => one.name === name) || !found.some((one) => one.name === name)
}

/** @param {string} folder */
function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return undefined
  }
}
