import { throwIfAborted } from '@rapport/core/storage'

/** Waits; an abort ends the wait with the error that core knows. */
export async function pauseMs(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
  throwIfAborted(signal)
}
