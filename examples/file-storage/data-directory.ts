import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CrmError } from '@rapport/core/storage'

/** The files of a storage. Behind an interface, so that tests can count what is asked of them and let it fail. */
export interface DataFiles {
  /** Takes the directory for this process. Throws `storage_failed` (reason `locked`) when another one has it. */
  lock(): Promise<void>
  unlock(): Promise<void>
  names(): Promise<string[]>
  read(name: string): Promise<Buffer | undefined>
  /** Puts text at the end of a file. It is on the disk when this returns. */
  append(name: string, text: string): Promise<void>
  /** Takes off what lies behind a length. */
  truncate(name: string, length: number): Promise<void>
  /** Makes or replaces a file: after a crash it is there whole, or as it was before. */
  replace(name: string, text: string): Promise<void>
}

// #region files
/** Files in a directory, which is made when it is not there. */
export function dataDirectory(directory: string): DataFiles {
  const at = (name: string): string => join(directory, name)
  const synced = async (name: string, flags: string, work: (file: FileHandle) => Promise<unknown>): Promise<void> => {
    const file = await open(at(name), flags)
    try {
      await work(file)
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return {
    names: () => readdir(directory),
    read: (name) => readFile(at(name)).catch(unlessMissing),
    append: (name, text) => synced(name, 'a', (file) => file.writeFile(text)),
    truncate: (name, length) => synced(name, 'r+', (file) => file.truncate(length)),
    async replace(name, text) {
      await synced(`${name}.new`, 'w', (file) => file.writeFile(text))
      await rename(at(`${name}.new`), at(name))
      // The name is an entry of the directory, which has to reach the disk as well.
      await synced('.', 'r', async () => {})
    },
    // #endregion
    // #region lock
    async lock() {
      await mkdir(directory, { recursive: true })
      for (let attempt = 0; attempt < 2; attempt++) {
        try {
          await synced('lock', 'wx', (file) => file.writeFile(String(process.pid)))
          return
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error
        }
        const holder = Number((await readFile(at('lock'), 'utf8').catch(unlessMissing)) ?? 0)
        if (isRunning(holder)) break
        await rm(at('lock'), { force: true })
      }
      throw new CrmError('storage_failed', 'Another process works in this directory', {
        reason: 'locked',
        retriable: false,
        remedy: 'close the other storage, or choose another directory',
      })
    },
    unlock: () => rm(at('lock'), { force: true }),
    // #endregion
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
