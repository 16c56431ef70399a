import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefusal } from './start-refusal.js'

const lockName = 'shop-demo.lock'

/** The process that holds a lock. `startedAt` tells it from a later process that was given the same number. */
interface LockHolder {
  readonly pid: number
  readonly startedAt: string | null
}

/**
 * Takes a data directory for this process, because an embedded database must not be open twice. Returns how to give it back.
 * The lock of a process that is gone (`kill -9`, power cut) is taken over. Throws {@link StartRefusal} when another process has it.
 */
export function lockDataDirectory(directory: string): () => void {
  const lock = join(directory, lockName)
  const own = `${lock}.${process.pid}`
  const holder: LockHolder = { pid: process.pid, startedAt: startOf(process.pid) }
  writeFileSync(own, JSON.stringify(holder))
  try {
    // A link appears whole or not at all, and never over another: nobody reads a lock that is half written.
    for (let attempt = 0; !tryLink(own, lock); attempt++) {
      const text = readText(lock)
      if (text === undefined) continue
      const other = holderOf(text)
      if (attempt === 5 || (other !== undefined && isRunning(other))) {
        const who = other === undefined ? 'another process' : `process ${other.pid}`
        throw new StartRefusal(
          `The data directory ${directory} is in use by ${who}: stop that demo, or choose another directory with DATA_DIR.`,
        )
      }
      putAside(lock, text)
    }
  } finally {
    rmSync(own, { force: true })
  }
  return () => rmSync(lock, { force: true })
}

/** Removes the lock of a process that is gone, unless somebody else did and has locked anew. */
function putAside(lock: string, text: string): void {
  const aside = `${lock}.stale-${process.pid}`
  try {
    renameSync(lock, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (readText(aside) !== text) tryLink(aside, lock)
  rmSync(aside, { force: true })
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function holderOf(text: string): LockHolder | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<LockHolder>
    return Number.isSafeInteger(pid) ? { pid: pid as number, startedAt: startedAt ?? null } : undefined
  } catch {
    return undefined
  }
}

function isRunning({ pid, startedAt }: LockHolder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if (codeOf(error) !== 'EPERM') return false
  }
  const start = startOf(pid)
  return start === null || startedAt === null || start === startedAt
}

/** When a process began, in the clock of a Linux kernel and with its boot; `null` on other systems. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // The program's name, in brackets, may hold anything; the 20th field after it is the start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return `${boot}/${fields[19]}`
  } catch {
    return null
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
