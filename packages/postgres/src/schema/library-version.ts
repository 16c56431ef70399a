/** Version of this package, which every change of a schema is recorded with. */
export const libraryVersion = '0.1.0'

/** Whether a version such as `1.4.0` comes after another; what follows the three numbers does not count. */
export function isNewerVersion(version: string, than: string): boolean {
  const left = numbersOf(version)
  const right = numbersOf(than)
  const differing = left.findIndex((part, index) => part !== right[index])
  return differing >= 0 && left[differing]! > right[differing]!
}

function numbersOf(version: string): number[] {
  const [core = ''] = version.split(/[-+]/)
  const parts = core.split('.').map(Number)
  return [0, 1, 2].map((index) => parts[index] || 0)
}
