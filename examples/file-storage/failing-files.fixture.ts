import type { DataFiles } from './data-directory.js'

/** Files that count what is asked of them, and break once around the next write when told to. */
export interface FailingFiles extends DataFiles {
  readonly requests: () => number
  readonly faults: { cutBefore(): void; cutDuring(): void; cutAfter(): void }
}

export function failingFiles(files: DataFiles): FailingFiles {
  let requests = 0
  let cut: 'before' | 'during' | 'after' | undefined
  const counted = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return (...args: Args): Promise<T> => {
      requests++
      return call(...args)
    }
  }
  const cuttable = (call: DataFiles['append']): DataFiles['append'] => {
    return counted(async (name, text) => {
      const armed = cut
      cut = undefined
      if (armed === 'before') throw new Error('the disk is full')
      if (armed === 'during') {
        if (call === files.append) await call(name, text.slice(0, text.length / 2))
        throw new Error('the disk is full')
      }
      await call(name, text)
      if (armed === 'after') throw new Error('the power is out')
    })
  }
  const arm = (kind: typeof cut) => () => {
    cut = kind
  }
  return {
    lock: files.lock,
    unlock: files.unlock,
    names: counted(files.names),
    read: counted(files.read),
    truncate: counted(files.truncate),
    append: cuttable(files.append),
    replace: cuttable(files.replace),
    requests: () => requests,
    faults: { cutBefore: arm('before'), cutDuring: arm('during'), cutAfter: arm('after') },
  }
}
