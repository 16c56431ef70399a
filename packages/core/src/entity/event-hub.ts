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
  publish(events: readonly DomainEvent[]): void
  clear(): void
}

/** A hub. A listener that throws does not harm the others; `onError` hears of it. */
export function createEventHub(onError: (error: unknown) => void): EventHub {
  const emitter = new EventEmitter<Record<string, (event: DomainEvent) => void>>()
  return {
    on(type, listener) {
      const guarded = (event: DomainEvent): void => {
        try {
          listener(event)
        } catch (error) {
          onError(error)
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
