import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockDataDirectory } from './data-directory-lock.js'
import { StartRefusal } from './start-refusal.js'

/** What was finished in a data directory, so that the next start can skip it. */
export interface DataDirectoryState {
  /** False from before the first opening until the database has all its tables. */
  readonly databaseComplete: boolean
  /** SHA-256 of the purchase log that was imported to its end. */
  readonly importedLog?: string
  /** Edition of the invented records that were written to their end. */
  readonly inventedEdition?: number
}

/** A directory that this process has for itself. */
export interface DataDirectory {
  /** Where the database lives. */
  readonly database: string
  readonly state: DataDirectoryState
  /** Remembers more; survives `kill -9` at any moment. */
  remember(more: Partial<DataDirectoryState>): void
  /** Lets another process have it. */
  release(): void
}

/**
 * Creates the directory where needed, takes it for this process, and clears away a database whose very creation was interrupted:
 * nothing was ever promised to be in it. Throws {@link StartRefusal} when it cannot be written or is in use.
 */
export function openDataDirectory(directory: string): DataDirectory {
  const release = writing(directory, () => {
    mkdirSync(directory, { recursive: true })
    return lockDataDirectory(directory)
  })
  try {
    return writing(directory, () => {
      const file = join(directory, 'shop-demo.json')
      const database = join(directory, 'database')
      let state = readState(file)
      const remember = (more: Partial<DataDirectoryState>): void => {
        state = { ...state, ...more } as DataDirectoryState
        // Renamed when whole, so the file never holds half a state.
        writeFileSync(`${file}.new`, JSON.stringify(state))
        renameSync(`${file}.new`, file)
      }
      if (state === undefined) remember({ databaseComplete: false })
      else if (!state.databaseComplete) rmSync(database, { recursive: true, force: true })
      return {
        database,
        get state() {
          return state as DataDirectoryState
        },
        remember,
        release,
      }
    })
  } catch (error) {
    release()
    throw error
  }
}

/** The state kept in a directory; `undefined` when there is none that we wrote. */
function readState(file: string): DataDirectoryState | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return JSON.parse(text) as DataDirectoryState
  } catch {
    throw new StartRefusal(`The file ${file} is damaged: delete the data directory to begin anew.`)
  }
}

const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ENOSPC', 'ENAMETOOLONG'])

function writing<T>(directory: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!unwritable.has(code)) throw error
    throw new StartRefusal(`The data directory ${directory} cannot be written (${code}): choose another with DATA_DIR.`)
  }
}
