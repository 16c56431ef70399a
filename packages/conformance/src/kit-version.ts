import manifest from '../package.json' with { type: 'json' }

/** Version of this package, for reports. */
export const kitVersion: string = manifest.version
