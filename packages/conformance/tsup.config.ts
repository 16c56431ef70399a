import { packageBuild } from '../../scripts/package-build.ts'

// `node:test` is found under no other name, so the prefix must stay.
export default Object.assign(packageBuild(import.meta.url), { removeNodeProtocol: false })
