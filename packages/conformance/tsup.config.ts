import { packageBuild } from '../../scripts/package-build.ts'

// `node:test` is found under no other name, so its prefix must stay; the neutral platform has no modules of its own.
export default Object.assign(packageBuild(import.meta.url), { removeNodeProtocol: false, external: ['node:test'] })
