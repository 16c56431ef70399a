import { describe, expect, test } from 'vitest'
import { createTestCrm } from '../../testing.js'
import type { ImportMapping } from './column-mapping.js'

const staff = { type: 'user', id: 'u_7' } as const

async function opened() {
  const crm = await createTestCrm()
  const shop = crm.session({ tenantId: 'acme', actor: staff })
  const imported = async (file: string, mapping: ImportMapping) => {
    const run = await shop.runs.wait((await shop.imports.start({ file, object: 'company', mapping })).id)
    const errors = []
    for await (const { row, column, message } of shop.imports.errors(run.id)) errors.push({ row, column, message })
    const [first] = (await shop.companies.find({ orderBy: ['name'] })).items
    return { counts: run.counts, errors, custom: first?.custom }
  }
  return { shop, imported }
}

describe('custom fields of an import', () => {
  test('every type that is set is read from text', async () => {
    const { shop, imported } = await opened()
    const register = (key: string, type: string, more: object = {}) =>
      shop.customFields.register({ object: 'company', key, type, label: key, ...more } as never)
    await register('note', 'text')
    await register('site', 'url')
    await register('size', 'number')
    await register('budget', 'money')
    await register('open', 'boolean')
    await register('since', 'date')
    await register('visited', 'dateTime')
    const options = { options: ['gold', 'silver'], optionLabels: { gold: { en: 'Gold', zh: '金牌' } } }
    await register('level', 'select', options)
    await register('sells', 'multiSelect', { options: ['tea', 'cake'], optionLabels: { tea: { zh: '茶' } } })
    await register('partner', 'reference', { target: 'company' })
    const other = await shop.companies.create({ name: 'Other' })

    const header = 'Name|Note|Site|Size|Budget|Open|Since|Visited|Level|Sells|Partner'
    const good = 'A|x|https://a.example|1.234,5|1.234,50 €|是|3/4/2026|3/4/2026 10:30|金牌|茶; Cake|Other'
    const bad = 'B||no address|many|12 USD|maybe|31/2/2026||bronze|tea; pie|Nobody'
    const { counts, errors, custom } = await imported([header, good, bad].join('\n'), {
      Name: 'name',
      Note: 'custom.note',
      Site: 'custom.site',
      Size: { field: 'custom.size', decimal: ',' },
      Budget: { field: 'custom.budget', decimal: ',', currency: 'EUR' },
      Open: 'custom.open',
      Since: { field: 'custom.since', dateOrder: 'dayFirst' },
      Visited: { field: 'custom.visited', dateOrder: 'dayFirst', zone: '+08:00' },
      Level: 'custom.level',
      Sells: 'custom.sells',
      Partner: { field: 'custom.partner', by: 'name' },
    })
    expect(counts).toMatchObject({ created: 1, failed: 1 })
    expect(custom).toEqual({
      note: 'x',
      site: 'https://a.example',
      size: 1234.5,
      budget: { amountMinor: 123_450, currency: 'EUR' },
      open: true,
      since: '2026-04-03',
      visited: '2026-04-03T02:30:00.000Z',
      level: 'gold',
      sells: ['tea', 'cake'],
      partner: other.id,
    })
    expect(errors.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '3 Size',
      '3 Budget',
      '3 Open',
      '3 Since',
      '3 Level',
      '3 Sells',
    ])
  })

  test('a field that is computed takes no column', async () => {
    const { shop, imported } = await opened()
    await shop.customFields.register({ object: 'company', key: 'size', type: 'number', label: 'Size' })
    await shop.customFields.register({
      object: 'company',
      key: 'double',
      type: 'formula',
      label: 'Double',
      formula: { multiply: [{ field: 'custom.size' }, 2] },
    } as never)
    await expect(imported('Name,D\nA,1\n', { Name: 'name', D: 'custom.double' })).rejects.toMatchObject({
      details: { issues: [{ path: 'mapping.D', message: 'is mapped to a field that is computed' }] },
    })
    await expect(imported('Name,D\nA,1\n', { Name: 'name', D: 'custom.unknown' })).rejects.toMatchObject({
      details: { issues: [{ path: 'mapping.D', message: 'is mapped to what is no field of company' }] },
    })
    const by = { D: { field: 'name', by: 'email' } }
    await expect(imported('Name,D\nA,1\n', by)).rejects.toMatchObject({ code: 'validation_failed' })
  })
})
