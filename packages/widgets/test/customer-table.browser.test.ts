import '@rapport/widgets/define/customer-table'
import type { CustomerRecord, Page, RapportCustomerTable } from '@rapport/widgets'
import { afterEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { settle, type } from './matrix-cases.js'
import { sampleCustomers } from './sample-customers.js'
import { fails, tableGateway } from './sample-gateways.js'
import { deferred, focused, hostileText, inside, textsInside } from './shadow-queries.js'

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.removeAttribute('dir')
  document.documentElement.lang = 'en'
})

async function tableOf(set: (table: RapportCustomerTable) => void): Promise<RapportCustomerTable> {
  const table = document.createElement('rapport-customer-table')
  set(table)
  document.body.append(table)
  await settle(table)
  return table
}

const names = (table: HTMLElement): string[] => {
  const rows = [...table.shadowRoot!.querySelectorAll<HTMLElement>('tbody tr')]
  const place = (row: HTMLElement): number => Number(row.getAttribute('aria-rowindex'))
  return rows.sort((a, b) => place(a) - place(b)).map((row) => row.querySelector('.name')!.textContent!)
}

const position = (): string | undefined => {
  const cell = focused()
  return `${cell?.closest('[aria-rowindex]')?.getAttribute('aria-rowindex')}:${cell?.getAttribute('aria-colindex')}`
}

describe('with ten thousand customers', () => {
  test('only the rows around the visible ones are in the document', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(10_000)
    })
    const nodes = (): number => table.shadowRoot!.querySelectorAll('*').length
    expect(nodes()).toBeLessThan(1200)
    const grid = inside(table, '[role=grid]')
    for (const offset of [10_000, 250_000, 519_999, 3_000]) {
      grid.scrollTop = offset
      await settle(table)
      expect(nodes()).toBeLessThan(1200)
      const top = grid.getBoundingClientRect().top + inside(table, 'thead').offsetHeight
      const first = Math.floor(grid.scrollTop / 52)
      const row = inside(table, `tr[aria-rowindex="${first + 2}"]`).getBoundingClientRect()
      expect(row.top).toBeLessThanOrEqual(top)
      expect(row.bottom).toBeGreaterThan(top)
    }
  })

  test('the grid tells its size, and a visible line which rows are shown', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(10_000)
    })
    const grid = inside(table, '[role=grid]')
    expect(grid.getAttribute('aria-rowcount')).toBe('10001')
    expect(grid.getAttribute('aria-colcount')).toBe('8')
    grid.scrollTop = 52 * 5000
    await settle(table)
    expect(textsInside(table, '.foot')[0]).toMatch(/^Rows 5,001–5,01\d of 10,000$/)
  })

  test('scrolling by a row draws that row and no other again', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(10_000)
    })
    const grid = inside(table, '[role=grid]')
    grid.scrollTop = 52 * 100
    await settle(table)
    const touched = new Set<Node>()
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('tbody tr')
        if (row) touched.add(row)
      }
    })
    observer.observe(table.shadowRoot!, { subtree: true, childList: true, characterData: true, attributes: true })
    grid.scrollTop += 52
    await settle(table)
    observer.disconnect()
    expect(touched.size).toBe(1)
  })

  test('the focused cell keeps the focus while it is scrolled out of sight', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(10_000)
    })
    inside(table, 'tr[aria-rowindex="4"] [aria-colindex="2"]').focus()
    const grid = inside(table, '[role=grid]')
    grid.scrollTop = 400_000
    await settle(table)
    expect(position()).toBe('4:2')
    await userEvent.keyboard('{ArrowDown}')
    await settle(table)
    expect(position()).toBe('5:2')
    expect(grid.scrollTop).toBeLessThan(52 * 4)
  })
})

describe('by the keyboard alone', () => {
  test('one can sort by a column and open a customer', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(200)
    })
    const opened: string[] = []
    document.addEventListener(
      'rapport-open',
      (event) => opened.push((event as CustomEvent<{ id: string }>).detail.id),
      {
        once: true,
      },
    )
    await userEvent.keyboard('{Tab}{Tab}')
    expect(position()).toBe('1:1')
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}')
    await settle(table)
    expect(focused()?.getAttribute('aria-sort')).toBe('descending')
    await userEvent.keyboard(' ')
    await settle(table)
    expect(focused()?.getAttribute('aria-sort')).toBe('ascending')
    await userEvent.keyboard('{Home}{Enter}')
    await settle(table)
    await userEvent.keyboard('{ArrowDown}{Enter}')
    const expected = [...sampleCustomers(200)].sort((a, b) => new Intl.Collator('en').compare(a.fullName!, b.fullName!))
    expect(names(table)[0]).toBe(expected[0]!.fullName)
    expect(opened).toEqual([expected[0]!.id])
  })

  test('Control with End and Home goes to the corners, and the cell is in view', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(10_000)
    })
    await userEvent.keyboard('{Tab}{Tab}{Control>}{End}{/Control}')
    await settle(table)
    expect(position()).toBe('10001:8')
    const grid = inside(table, '[role=grid]').getBoundingClientRect()
    expect(focused()!.getBoundingClientRect().bottom).toBeLessThanOrEqual(grid.bottom + 1)
    await userEvent.keyboard('{PageUp}')
    await settle(table)
    expect(Number(position()!.split(':')[0])).toBeLessThan(9995)
    await userEvent.keyboard('{Control>}{Home}{/Control}')
    await settle(table)
    expect(position()).toBe('1:1')
  })

  test('the grid is one stop of the Tab key', async () => {
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(50)
    })
    expect(table.shadowRoot!.querySelectorAll('[role=grid] [tabindex="0"]').length).toBe(1)
    await userEvent.keyboard('{Tab}{Tab}{ArrowDown}{ArrowDown}')
    await settle(table)
    expect(table.shadowRoot!.querySelectorAll('[role=grid] [tabindex="0"]').length).toBe(1)
  })

  test('from right to left, the left arrow moves on', async () => {
    document.documentElement.dir = 'rtl'
    const table = await tableOf((each) => {
      each.rows = sampleCustomers(20)
    })
    await userEvent.keyboard('{Tab}{Tab}{ArrowLeft}')
    await settle(table)
    expect(position()).toBe('1:2')
  })
})

test('a filter narrows the rows and is announced after typing has stopped', async () => {
  const table = await tableOf((each) => {
    each.rows = sampleCustomers(120)
  })
  type(table.shadowRoot!, 'input', 'hopper')
  await settle(table)
  expect(names(table).every((name) => name.endsWith('Hopper'))).toBe(true)
  expect(textsInside(table, '[role=status]')).toEqual([''])
  await expect.poll(() => textsInside(table, '[role=status]')[0]).toMatch(/^\d+ of 120 customers match$/)
})

test('a click on a heading sorts, the next one turns the order round', async () => {
  const table = await tableOf((each) => {
    each.rows = sampleCustomers(30)
  })
  const heading = inside(table, 'th[aria-colindex="5"]')
  heading.click()
  await settle(table)
  expect(heading.getAttribute('aria-sort')).toBe('descending')
  heading.click()
  await settle(table)
  expect(heading.getAttribute('aria-sort')).toBe('ascending')
})

test('the host chooses the columns and the first order', async () => {
  const table = await tableOf((each) => {
    each.columns = [
      { key: 'fullName', kind: 'person' },
      { key: 'custom.size', kind: 'text', label: 'Shoe size' },
    ]
    each.setAttribute('sort', '-custom.size')
    each.rows = [
      { id: '1', fullName: 'A', custom: { size: '38' } } as CustomerRecord,
      { id: '2', fullName: 'B', custom: { size: '44' } } as CustomerRecord,
    ]
  })
  expect(textsInside(table, 'thead th')).toEqual(['Name', 'Shoe size'])
  expect(names(table)).toEqual(['B', 'A'])
})

describe('loading from a client', () => {
  test('rows appear page by page, up to the most that the table may hold', async () => {
    const second = deferred<Page<CustomerRecord>>()
    const whole = tableGateway(30)
    const table = await tableOf((each) => {
      each.setAttribute('page-size', '10')
      each.setAttribute('max-rows', '20')
      each.client = tableGateway(0, (query) => (query.cursor ? second.promise : whole.contacts.find(query)))
    })
    expect(textsInside(table, '.foot')[0]).toContain('10 customers loaded so far…')
    second.resolve({ items: sampleCustomers(20).slice(10), cursor: '20' })
    await settle(table)
    expect(textsInside(table, '.foot')[0]).toContain('Only the first 20 customers are shown')
  })

  test('after a failure, trying again loads the rows', async () => {
    let calls = 0
    const whole = tableGateway(12)
    const codes: string[] = []
    const table = await tableOf((each) => {
      each.addEventListener('rapport-error', (event) => codes.push(event.detail.code))
      each.client = tableGateway(0, (query) => (calls++ ? whole.contacts.find(query) : fails('storage_failed')()))
    })
    expect(codes).toEqual(['storage_failed'])
    inside(table, '.notice .button').click()
    await settle(table)
    expect(names(table)).toHaveLength(12)
  })

  test('taken out of the page it stops loading, moved about in it it goes on', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const first = deferred<Page<CustomerRecord>>()
    const table = await tableOf((each) => {
      each.client = tableGateway(0, (_, options) => {
        signals.push(options?.signal)
        return first.promise
      })
    })
    document.body.append(table)
    await settle(table)
    expect(signals.map((signal) => signal?.aborted)).toEqual([false])
    table.remove()
    await Promise.resolve()
    expect(signals.map((signal) => signal?.aborted)).toEqual([true])
    first.resolve({ items: sampleCustomers(3) })
    document.body.append(table)
    await settle(table)
    expect(names(table)).toHaveLength(3)
  })

  test('another client drops the late answer of the one before', async () => {
    const late = deferred<Page<CustomerRecord>>()
    const table = await tableOf((each) => {
      each.client = tableGateway(0, () => late.promise)
    })
    table.client = tableGateway(2)
    late.resolve({ items: [{ id: 'secret', fullName: 'Somebody else' }] })
    await settle(table)
    expect(names(table)).toHaveLength(2)
    expect(table.shadowRoot!.textContent).not.toContain('Somebody else')
  })
})

test('what customers typed is shown, never run', async () => {
  const table = await tableOf((each) => {
    each.rows = [{ id: '1', fullName: hostileText, primaryEmail: hostileText, lifecycleStage: hostileText }]
  })
  expect(inside(table, '.name').textContent).toBe(hostileText)
  expect(table.shadowRoot!.querySelector('img, script, svg[onload]')).toBeNull()
  expect('hacked' in window).toBe(false)
})

test('the language follows the nearest ancestor, also when it changes', async () => {
  document.documentElement.lang = 'zh-CN'
  const table = await tableOf((each) => {
    each.rows = sampleCustomers(3)
  })
  await expect.poll(() => textsInside(table, 'h2')).toEqual(['客户'])
  expect(textsInside(table, 'thead th')[1]).toBe('电子邮箱')
  document.documentElement.lang = 'en'
  await expect.poll(() => textsInside(table, 'h2')).toEqual(['Customers'])
})

test('values set before the element was defined are taken over', async () => {
  const early = document.createElement('rapport-customer-table-early') as RapportCustomerTable
  early.rows = sampleCustomers(4)
  document.body.append(early)
  const { RapportCustomerTable: Table } = await import('@rapport/widgets/customer-table')
  customElements.define('rapport-customer-table-early', class extends Table {})
  await settle(early)
  expect(names(early)).toHaveLength(4)
})

test('wrong use is a TypeError', () => {
  const table = document.createElement('rapport-customer-table')
  expect(() => Reflect.set(table, 'rows', 'all')).toThrow(TypeError)
  expect(() => Reflect.set(table, 'columns', [])).toThrow(TypeError)
})
