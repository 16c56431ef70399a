import { EventEmitter } from 'eventemitter3'
import type { DomainEvent } from './domain-event.js'

/** Hears of an event in this process. */
export type EventListener = (event: DomainEvent) => void

/**
 * Events of this process, after commit, at most once: for hints and user interfaces. What must not be missed goes through a
 * durable subscription.
 */
export interface EventHub {
  /** `type` is an event's type, or `*` for all. Returns how to stop. */
  on(type: string, listener: EventListener): () => void
  /** Whether anybody listens. */
  readonly isHeard: boolean
  publish(events: readonly DomainEvent[]): void
  clear(): void
}

/** A hub. A listener that throws or rejects does not harm the others; `onError` hears of it. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const report = (error: unknown): void => {
    try {
      onError(error)
    } catch {
      // The change is committed; nobody is left to tell.
    }
  }
  const emitter = new EventEmitter<Record<string, (event: DomainEvent) => void>>()
  return {
    get isHeard() {
      return emitter.eventNames().length > 0
    },
    on(type, listener) {
      const guarded = (event: DomainEvent): void => {
        try {
          // A listener may be an async function: its rejection must not end the process.
          Promise.resolve(listener(event)).catch(report)
        } catch (error) {
          report(error)
        }
      }
      emitter.on(type, guarded)
      return () => emitter.off(type, guarded)
    },
    publish(events) {
      for (const event of events) {
        emitter.emit(event.type, event)
        emitter.emit('*', event)
      }
    },
    clear: () => {
      emitter.removeAllListeners()
    },
  }
}
