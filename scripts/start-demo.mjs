// @ts-check
// Builds what is not built yet and runs the demo in this very process, so that Ctrl-C and `kill` reach it.
import { runVisibly } from './steps.mjs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  console.error('The demo needs Node 22.12 or newer: start it with `npm start`, which brings its own.')
  process.exit(1)
}

if ((await runVisibly(['node', 'scripts/build.mjs', '--code-alone'])) !== 0) process.exit(1)
const { buildDemo } = await import('../examples/shop-demo/build-demo.mjs')
await buildDemo()
// The file exists only after the build, so its name is no literal that a type checker would look up.
await import(new URL('../examples/shop-demo/dist/start.js', import.meta.url).href)
