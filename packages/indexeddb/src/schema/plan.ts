import type { SchemaStep } from '@rapport/core/storage'
import type { Catalogue, StoredCounter, StoredEntity, StoredIndex } from './catalogue.js'
import { type EntityTarget, type IndexTarget, isSameCounter, isSameIndex } from './target.js'

/** What has to be done for one entity. */
export interface EntityDifference {
  readonly target: EntityTarget
  /** What is kept of it now; nothing for a new entity. */
  readonly stored: StoredEntity | undefined
  /** Indexes and counters that stay, whether or not they are filled yet. */
  readonly keptIndexes: readonly StoredIndex[]
  readonly keptCounters: readonly StoredCounter[]
  readonly newIndexes: readonly IndexTarget[]
  readonly newCounters: readonly EntityTarget['counters'][number][]
  readonly oldIndexes: readonly StoredIndex[]
  readonly oldCounters: readonly StoredCounter[]
}

/**
 * Compares what is kept of an entity with what a release wants. What it does not want is dropped only when no tab of a lower release can
 * be open, which is so when this one is the first of its number: tabs of one release read without asking what others have dropped.
 */
export function differenceOf(catalogue: Catalogue, target: EntityTarget, release: number): EntityDifference {
  const mayDrop = release > catalogue.release
  const stored = catalogue.entities.get(target.name)
  const { indexes = [], counters = [] } = stored ?? {}
  const isKept = (index: StoredIndex): boolean =>
    !mayDrop || target.indexes.some((wanted) => isSameIndex(index, wanted))
  const isCounted = ({ by }: StoredCounter): boolean =>
    !mayDrop || target.counters.some((wanted) => isSameCounter(by, wanted))
  return {
    target,
    stored,
    keptIndexes: indexes.filter(isKept),
    keptCounters: counters.filter(isCounted),
    newIndexes: target.indexes.filter((wanted) => !indexes.some((index) => isSameIndex(index, wanted))),
    newCounters: target.counters.filter((wanted) => !counters.some(({ by }) => isSameCounter(by, wanted))),
    oldIndexes: indexes.filter((index) => !isKept(index)),
    oldCounters: counters.filter((counter) => !isCounted(counter)),
  }
}

/** Whether the catalogue has to change; indexes that are still to be filled do not count. */
export function isDifferent({ stored, newIndexes, newCounters, oldIndexes, oldCounters }: EntityDifference): boolean {
  return !stored || [newIndexes, newCounters, oldIndexes, oldCounters].some((list) => list.length > 0)
}

/** The steps to a target, for a reader. Other tabs read and write while they run. */
export function planSteps(catalogue: Catalogue, targets: readonly EntityTarget[], release: number): SchemaStep[] {
  const noted =
    release > catalogue.release ? [step(`release:${release}`, `Note that release ${release} is in use`)] : []
  return [...noted, ...targets.flatMap((target) => stepsOf(differenceOf(catalogue, target, release)))]
}

function stepsOf(difference: EntityDifference): SchemaStep[] {
  const { target, stored, newIndexes, newCounters, oldIndexes, oldCounters, keptIndexes, keptCounters } = difference
  const { name } = target
  if (!stored) return [step(`create:${name}`, `Start keeping rows of ${name}, with its indexes and counters`)]
  const described = (by: readonly string[]): string => by.join(', ') || 'nothing'
  const unfinished = [
    ...keptIndexes.filter(({ ready }) => !ready).map((index) => index.name),
    ...newIndexes.map((index) => index.name),
  ]
  const uncounted = [...keptCounters.filter(({ ready }) => !ready).map(({ by }) => by), ...newCounters]
  return [
    ...oldIndexes.map((index) => step(`drop:${name}:${index.name}`, `Stop keeping the index ${index.name} of ${name}`)),
    ...oldCounters.map(({ by }) =>
      step(`uncount:${name}:${by.join(',')}`, `Stop counting ${name} by ${described(by)}`),
    ),
    ...unfinished.map((index) =>
      step(`fill:${name}:${index}`, `Fill the index ${index} of ${name} with the rows that are there`),
    ),
    ...uncounted.map((by) => step(`count:${name}:${by.join(',')}`, `Count the rows of ${name} by ${described(by)}`)),
  ]
}

function step(id: string, description: string): SchemaStep {
  return { id, description, online: true, destructive: false }
}
