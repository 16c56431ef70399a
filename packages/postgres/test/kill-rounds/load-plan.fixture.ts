import type { Write } from '@rapport/core/storage'
import { type RecordStates, recordRow } from './record-model.fixture.js'

/** One command of the load. `via` is the call that carries it out. */
export interface Command {
  readonly via: 'write' | 'load' | 'transaction'
  readonly batch: readonly Write[]
}

const entity = 'record'

/** The next command of a worker that owns some records: inserts, batches, versioned updates, deletes, upserts and loads, at random. */
export function nextCommand(states: RecordStates, worker: string, number: number, random: () => number): Command {
  const known = [...states.keys()].filter((id) => id.startsWith(`${worker}-`))
  const pick = (count: number): string[] => {
    const ids = new Set<string>()
    while (ids.size < Math.min(count, known.length)) ids.add(known[Math.floor(random() * known.length)]!)
    return [...ids]
  }
  const fresh = (count: number): Write[] =>
    Array.from({ length: count }, (_, n) => ({
      do: 'insert',
      entity,
      row: recordRow(`${worker}-${number}-${n}`, Math.floor(random() * 1_000)),
    }))
  const patch = (id: string): Write => ({
    do: 'patch',
    entity,
    id,
    add: { orders: 1 },
    ifVersion: states.get(id)!.version,
  })
  const remove = (id: string): Write => ({ do: 'delete', entity, id, ifVersion: states.get(id)!.version })
  const upsert = (id: string): Write => ({ do: 'upsert', entity, row: recordRow(id, number) })

  if (known.length < 20) return { via: 'write', batch: fresh(40) }
  if (known.length > 400) return { via: 'write', batch: pick(200).map(remove) }
  const choice = Math.floor(random() * 8)
  switch (choice) {
    case 0:
      return { via: 'write', batch: fresh(1) }
    case 1:
      return { via: 'write', batch: pick(1).map(patch) }
    case 2:
      return { via: 'write', batch: pick(1).map(upsert) }
    case 3:
      return { via: 'load', batch: fresh(220) }
    case 4: {
      const [first = [], second = []] = split(pick(20))
      return { via: 'transaction', batch: [...first.map(patch), ...second.map(remove), ...fresh(10)] }
    }
    default: {
      const ids = pick(30)
      const kinds = [patch, remove, upsert]
      return { via: 'write', batch: [...ids.map((id, index) => kinds[index % 3]!(id)), ...fresh(20)] }
    }
  }
}

function split<T>(values: readonly T[]): T[][] {
  const middle = values.length >> 1
  return [values.slice(0, middle), values.slice(middle)]
}
