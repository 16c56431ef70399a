// @ts-check
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { packagesInOrder, root } from './workspace.mjs'

// Removes what builds and tests left; the installed dependencies and the demo's data stay.
const leftovers = ['coverage', 'docs/api', 'node_modules/.cache', 'node_modules/.vite']
for (const one of packagesInOrder()) rmSync(join(one.folder, 'dist'), { recursive: true, force: true })
for (const path of leftovers) rmSync(join(root, path), { recursive: true, force: true })
