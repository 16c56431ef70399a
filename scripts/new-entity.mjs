// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, toolEnvironment } from './workspace.mjs'

// `npm run new:entity sales/invoice` writes the files of an entity: fields, storage facts, rules, events, service and
// their tests, and adds it to the front door of its domain. The templates beside this file are the pattern.

const templates = join(root, 'scripts', 'entity-templates')
const core = join(root, 'packages', 'core', 'src')
const domains = [
  'customers',
  'sales',
  'support',
  'marketing',
  'engagement',
  'security',
  'insights',
  'automation',
  'data-quality',
]

try {
  const [domain, kebab] = nameFrom(process.argv.slice(2))
  const words = wordsOf(kebab)
  const written = writeEntity(domain, kebab, words)
  openDoor(domain, kebab, words)
  format([...written, `packages/core/src/${domain}/index.ts`])
  console.log(`Wrote ${written.length} files:\n${written.map((file) => `  ${file}`).join('\n')}`)
  console.log(`Next: say what it is in ${kebab}.ts, and register it in packages/core/src/crm-entities.ts.`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/**
 * @param {string[]} args
 * @returns {[string, string]} domain and entity
 */
function nameFrom(args) {
  const match = /^([a-z]+(?:-[a-z]+)*)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(args[0] ?? '')
  if (args.length !== 1 || match === null) throw new Error('Say which, in kebab-case: npm run new:entity sales/invoice')
  const [, domain = '', kebab = ''] = match
  if (!domains.includes(domain)) throw new Error(`There is no domain "${domain}"; there are ${domains.join(', ')}.`)
  if (existsSync(join(core, domain, kebab))) throw new Error(`packages/core/src/${domain}/${kebab} exists already.`)
  return [domain, kebab]
}

/**
 * The forms of the name that the templates use, by placeholder.
 *
 * @param {string} kebab
 * @returns {Record<string, string>}
 */
function wordsOf(kebab) {
  const words = kebab.replaceAll('-', ' ')
  const Pascal = kebab.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter) => letter.toUpperCase())
  const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1)
  const article = /^[aeiou]/.test(words) ? 'an' : 'a'
  const plural = /(s|x|z|ch|sh)$/.test(words) ? `${words}es` : words.replace(/([^aeiou])y$/, '$1ie').concat('s')
  return {
    kebab,
    words,
    Pascal,
    camel: Pascal.charAt(0).toLowerCase() + Pascal.slice(1),
    'a words': `${article} ${words}`,
    'A words': capital(`${article} ${words}`),
    'Plural words': capital(plural),
  }
}

/**
 * @param {string} domain
 * @param {string} kebab
 * @param {Record<string, string>} words
 */
function writeEntity(domain, kebab, words) {
  const folder = join(core, domain, kebab)
  mkdirSync(folder, { recursive: true })
  return readdirSync(templates).map((template) => {
    const file = fill(template.replace(/\.txt$/, ''), words)
    writeFileSync(join(folder, file), fill(readFileSync(join(templates, template), 'utf8'), words))
    return `packages/core/src/${domain}/${kebab}/${file}`
  })
}

/**
 * @param {string} domain
 * @param {string} kebab
 * @param {Record<string, string>} words
 */
function openDoor(domain, kebab, words) {
  const door = join(core, domain, 'index.ts')
  const before = existsSync(door) ? readFileSync(door, 'utf8') : ''
  const lines = [
    `export { type New{{Pascal}}, type {{Pascal}}, {{camel}}Entity, type {{Pascal}}Patch } from './${kebab}/${kebab}-entity.js'`,
    `export type { {{Pascal}}Events } from './${kebab}/${kebab}-events.js'`,
    `export { create{{Pascal}}Service, type {{Pascal}}Service } from './${kebab}/${kebab}-service.js'`,
  ]
  writeFileSync(door, `${before}${fill(lines.join('\n'), words)}\n`)
}

/**
 * Names of another length break lines elsewhere, so the formatter has the last word.
 *
 * @param {string[]} paths relative to the repository
 */
function format(paths) {
  const { status, stderr } = spawnSync('biome', ['check', '--write', ...paths], {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`The files are written, but the formatter complains:\n${stderr}`)
}

/** @param {string} text @param {Record<string, string>} words */
function fill(text, words) {
  return text.replaceAll(/\{\{([^}]+)\}\}/g, (_, name) => {
    const word = words[name]
    if (word === undefined) throw new Error(`The templates use {{${name}}}, which nobody fills.`)
    return word
  })
}
