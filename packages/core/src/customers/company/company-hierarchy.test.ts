import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CrmSession } from '../../index.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { createTestCrm } from '../../testing.js'

const actor = { type: 'user', id: 'u_1' } as const

async function openShop(): Promise<CrmSession> {
  const crm = await createTestCrm()
  return crm.session({ tenantId: 'acme', actor })
}

/** Whether following parents from each live company ends, worked out from the stored fields alone. */
async function hasCircle(shop: CrmSession): Promise<boolean> {
  const parents = new Map<string, string | undefined>()
  for await (const { id, parentCompanyId } of shop.companies.each({ includeDeleted: true }))
    parents.set(id, parentCompanyId)
  return [...parents.keys()].some((start) => {
    const seen = new Set<string>()
    for (let at: string | undefined = start; at !== undefined; at = parents.get(at)) {
      if (seen.has(at)) return true
      seen.add(at)
    }
    return false
  })
}

const size = 6
const place = fc.nat({ max: size - 1 })
type Step =
  | { readonly do: 'move'; readonly company: number; readonly under: number }
  | { readonly do: 'free' | 'delete' | 'restore'; readonly company: number }
  | { readonly do: 'merge'; readonly company: number; readonly into: number }
  | { readonly do: 'unmerge' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('move' as const), company: place, under: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('free' as const, 'delete', 'restore'), company: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), company: place, into: place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmerge' as const) }) },
)

describe('the hierarchy of companies', () => {
  test('never has a circle, whatever is moved, deleted, merged and unmerged, one after the other or at once', async () => {
    const run = async (rounds: readonly (readonly Step[])[]): Promise<void> => {
      const shop = await openShop()
      const ids: string[] = []
      for (let index = 0; index < size; index++) ids.push((await shop.companies.create({ name: `${index}` })).id)
      const merges: string[] = []
      const at = (index: number): string => ids[index] as string
      const carryOut = async (one: Step): Promise<unknown> => {
        switch (one.do) {
          case 'move':
            return shop.companies.update(at(one.company), { parentCompanyId: at(one.under) })
          case 'free':
            return shop.companies.update(at(one.company), { parentCompanyId: null })
          case 'delete':
            return shop.companies.delete(at(one.company))
          case 'restore':
            return shop.companies.restore(at(one.company))
          case 'merge': {
            const command = { survivorId: at(one.into), mergedIds: [at(one.company)] }
            return merges.push((await shop.companies.merge(command)).mergeId)
          }
          case 'unmerge': {
            const mergeId = merges.pop()
            return mergeId === undefined ? undefined : shop.companies.unmerge(mergeId)
          }
        }
      }
      for (const together of rounds) {
        const outcomes = await Promise.allSettled(together.map(carryOut))
        for (const outcome of outcomes)
          if (outcome.status === 'rejected' && !isCrmError(outcome.reason)) throw outcome.reason
        expect(await hasCircle(shop)).toBe(false)
      }
    }
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 })
    await fc.assert(fc.asyncProperty(rounds, run), { numRuns: 25 })
  })

  test('is at most 50 levels deep, counted above and below what is moved', async () => {
    const shop = await openShop()
    const line: string[] = []
    for (let index = 0; index < 50; index++)
      line.push(
        (
          await shop.companies.create({
            name: `${index}`,
            ...(index > 0 && { parentCompanyId: line[index - 1] as string }),
          })
        ).id,
      )
    const tooDeep = { code: 'validation_failed', details: { field: 'parentCompanyId' } }
    await expect(shop.companies.create({ name: '50', parentCompanyId: line[49] as string })).rejects.toMatchObject(
      tooDeep,
    )
    const top = await shop.companies.create({ name: 'Top' })
    await expect(shop.companies.update(line[0] as string, { parentCompanyId: top.id })).rejects.toMatchObject(tooDeep)
    await shop.companies.update(line[1] as string, { parentCompanyId: top.id })
    expect((await shop.companies.hierarchy(line[49] as string)).ancestors).toHaveLength(49)
  })

  test('two rows of one file that would close a circle do not', async () => {
    const shop = await openShop()
    const one = await shop.companies.create({ name: 'One' })
    const two = await shop.companies.create({ name: 'Two' })
    const { id } = await shop.imports.start({
      file: `name,parent\nOne,${two.id}\nTwo,${one.id}\n`,
      object: 'company',
      mapping: { name: 'name', parent: 'parentCompanyId' },
      matchOn: 'name',
      mode: 'update',
    })
    await shop.runs.wait(id)
    expect(await hasCircle(shop)).toBe(false)
    const parents = (await shop.companies.find()).items.flatMap(({ parentCompanyId }) => parentCompanyId ?? [])
    expect(parents).toHaveLength(1)
  })
})
