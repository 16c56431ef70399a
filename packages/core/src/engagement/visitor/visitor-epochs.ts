import type { SessionContext } from '../../entity/session-context.js'
import { allOf } from '../../storage/filter.js'
import type { Row } from '../../storage/row.js'

/** One device: its first visitor, and the one of the present epoch (the same until somebody else signs in). */
export interface Device {
  readonly root: Row
  readonly current: Row
}

const epochsPerRead = 100

/**
 * The devices that ids of visitors stand for, by id; an id of any epoch stands for the same device. Unknown ids are left out, and so is a
 * device whose present visitor was removed: nobody knows who uses it.
 */
export async function readDevices(
  context: SessionContext,
  visitorIds: readonly string[],
): Promise<Map<string, Device>> {
  const named = await readVisitors(context, visitorIds)
  const roots = await readVisitors(
    context,
    [...named.values()].flatMap(({ rootId }) => (typeof rootId === 'string' ? [rootId] : [])),
  )
  const rootOf = (row: Row): Row | undefined => (row.rootId === undefined ? row : roots.get(row.rootId as string))
  const current = await readVisitors(
    context,
    [...named.values()].flatMap((row) => (rootOf(row)?.currentId as string | undefined) ?? []),
  )
  const devices = new Map<string, Device>()
  for (const [id, row] of named) {
    const root = rootOf(row)
    const present = root?.currentId === undefined ? root : current.get(root.currentId as string)
    if (root && present) devices.set(id, { root, current: present })
  }
  return devices
}

/** Live visitors by id. */
async function readVisitors(context: SessionContext, ids: readonly string[]): Promise<Map<string, Row>> {
  const wanted = [...new Set(ids)]
  const rows = wanted.length > 0 ? await context.storage.getMany('visitor', wanted) : []
  return new Map(rows.flatMap((row) => (row && row.deletedAt === undefined ? [[row.id, row] as const] : [])))
}

/**
 * The visitor of a device at each of the moments; none where the visitor of that epoch was removed. Only for moments before the present
 * epoch anything is read: earlier epochs, from the newest back to the oldest moment.
 */
export async function visitorsAt(
  context: SessionContext,
  { root, current }: Device,
  moments: readonly string[],
): Promise<(Row | undefined)[]> {
  const oldest = moments.reduce((least, at) => (at < least ? at : least), current.startedAt as string)
  const epochs = [current]
  for (let last = current; last.id !== root.id && (last.startedAt as string) > oldest; ) {
    const page = await context.storage.find({
      entity: 'visitor',
      where: allOf({ op: 'isNull', path: 'deletedAt' }, { op: 'eq', path: 'rootId', value: root.id }),
      order: ['-startedAt', '-id'],
      after: [last.startedAt as string, last.id],
      limit: epochsPerRead,
    })
    epochs.push(...page.rows)
    const next = page.rows.at(-1)
    if (page.done || !next) break
    last = next
  }
  epochs.push(root)
  return moments.map((at) => epochs.find((epoch) => hasBegun(epoch, at) && !hasEnded(epoch, at)))
}

/** What happened on the device before it was known belongs to its first visitor. */
function hasBegun({ rootId, startedAt }: Row, at: string): boolean {
  return rootId === undefined || (startedAt as string) <= at
}

function hasEnded({ endedAt }: Row, at: string): boolean {
  return endedAt !== undefined && (endedAt as string) <= at
}
