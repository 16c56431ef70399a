import { createRapportClient, type RapportClient } from '@rapport/http/client'
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { browserForTests, expectClean, tabTo, timeoutMs } from './browser-for-tests.fixture.js'

/**
 * Import, duplicates, merges and consent in a real browser. What is imported is taken back in the end, so that the demo has the
 * customers it had.
 */
export function describeDataPagesInBrowser(address: () => string): void {
  const { onPage } = browserForTests()

  test(
    'staff imports a messy file, merges a duplicate, takes the merge back, and takes the import back, by keyboard',
    () =>
      onPage(async (page) => {
        await page.goto(`${address()}/admin/import`)
        await press(page, 'Sign-up list of a record fair')
        await page.getByText('record-fair.csv: CSV in UTF-8, semicolons between 12 columns.').waitFor()
        expect(await page.getByLabel('Mobile: goes to').inputValue()).toBe('phones')
        await page.getByRole('cell', { name: 'Rafael Ruth Andre' }).waitFor()
        await press(page, 'Try it')
        await page.getByRole('alert').getByText('Say how to read Date of birth.').waitFor()
        await page.getByLabel('Date of birth: read as').focus()
        await page.keyboard.press('ArrowDown')
        await press(page, 'Try it')
        await page.getByText('Tried 26 rows. Nothing is written yet.').waitFor()
        expect(await counts(page)).toEqual({ created: '19', updated: '2', unchanged: '1', skipped: '0', failed: '4' })
        expect(await newCustomers(address())).toBe(0)
        await cleanInBoth(page)

        await press(page, 'Import')
        await page.getByText('Imported. 26 rows were read.').waitFor()
        expect(await counts(page)).toEqual({ created: '19', updated: '2', unchanged: '1', skipped: '0', failed: '4' })
        const errors = page.getByRole('table', { name: 'Rows that were left out' }).getByRole('row')
        expect((await errors.allInnerTexts()).slice(1).map((text) => text.split('\t').slice(0, 2))).toEqual([
          ['14', 'E-Mail Address'],
          ['15', 'Date of birth'],
          ['21', 'the whole row'],
          ['22', 'E-Mail Address'],
        ])
        expect(await newCustomers(address())).toBe(19)

        await page.getByRole('link', { name: 'Look for duplicates' }).click()
        await press(page, 'Look for duplicates')
        await page.getByText(/^Compared 2,376 customers: \d+ pairs to review\.$/).waitFor()
        await press(page, 'Rafael Aguilar')
        const compared = page.getByRole('region', { name: 'Side by side' })
        await page.getByText('Name: the same +').waitFor()
        await page.getByText('E-mail: different −').waitFor()
        expect(await compared.getByRole('radio', { name: 'Rafael Aguilar stays', exact: true }).isChecked()).toBe(true)
        const lastName = compared.getByRole('row', { name: /^Last name/ }).locator('.outcome')
        expect(await lastName.innerText()).toBe('Aguilar')
        await compared.getByRole('radio', { name: 'AGUILAR', exact: true }).focus()
        await page.keyboard.press('Space')
        await expect.poll(() => lastName.innerText()).toBe('AGUILAR')
        await cleanInBoth(page)
        await press(page, 'Merge')
        await page.getByText('Merged into Rafael Aguilar.').waitFor()
        expect(await newCustomers(address())).toBe(18)
        await page.getByRole('button', { name: 'Oscar' }).click()
        await press(page, 'Not a duplicate')
        await page.getByText('they will not be proposed again').waitFor()
        await expect.poll(() => page.locator('#pair-rows').getByText('Oscar').count()).toBe(0)

        await page.goto(`${address()}/admin/merges`)
        await page.getByRole('heading', { name: 'Rafael AGUILAR became part of Rafael AGUILAR' }).waitFor()
        await renameSurvivor(address(), 'Aguilar-Ruiz')
        await press(page, 'Take back the merge')
        await page.getByText('Changed since the merge, so these will stay as they are: Last name.').waitFor()
        await cleanInBoth(page)
        await page.keyboard.press('Enter')
        await page.getByText('Taken back: both customers are there again.').waitFor()
        expect(await newCustomers(address())).toBe(19)

        await page.goto(`${address()}/admin/import`)
        await press(page, 'Take back the import')
        // The one who was merged for a while is not as the import left him.
        await page.getByText(/^Taken back: 18 removed, \d as before\. 1 stay: changed since\.$/).waitFor()
        const { contacts } = staff(address())
        for await (const { id } of contacts.each({ where: fromElsewhere })) await contacts.delete(id)
        await renameSurvivor(address(), 'Aguilar')
      }),
    timeoutMs,
  )

  test(
    'a file in GB18030 is read, suggested and tried in Chinese, on a narrow screen',
    () =>
      onPage(
        async (page) => {
          await page.goto(`${address()}/admin/import`)
          await page.getByRole('button', { name: 'Members of a WeChat group' }).click()
          await page.getByText('wechat-group.csv: CSV most likely in GB18030, tabs between 10 columns.').waitFor()
          await page.getByRole('row', { name: '姓 吴 黃 Zhang' }).waitFor()
          expect(await page.getByLabel('出生日期: goes to').inputValue()).toBe('birthDate')
          await page.getByRole('button', { name: 'Try it' }).click()
          await page.getByText('Tried 15 rows. Nothing is written yet.').waitFor()
          expect(await counts(page)).toEqual({ created: '11', updated: '1', unchanged: '0', skipped: '0', failed: '3' })
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
          await expectClean(page)
        },
        { viewport: { width: 390, height: 844 } },
      ),
    timeoutMs,
  )

  describe('the page of a customer', { timeout: timeoutMs }, () => {
    test('shows consent with its proof, and a person confirms without JavaScript', async () => {
      const client = staff(address())
      const { id } = await client.contacts.create({ firstName: 'Ida', lastName: 'Consent' })
      let link = ''
      await onPage(async (page) => {
        await page.goto(`${address()}/admin/customers/${id}`)
        await press(page, 'Newsletter, E-mail: Nothing said')
        await page.getByText('Nothing was said, so nothing may be sent.').waitFor()
        await press(page, 'Ask to confirm')
        link = (await page.getByRole('link', { name: 'Confirm' }).getAttribute('href')) ?? ''
        expect(await client.consents.find({ where: { contactId: id } })).toEqual({ items: [] })
        await cleanInBoth(page)
      })
      await onPage(
        async (page) => {
          await page.goto(address() + link)
          await page.getByRole('button', { name: 'Yes, write to me' }).click()
          await page.getByRole('heading', { name: 'Thank you' }).waitFor()
        },
        { javaScriptEnabled: false },
      )
      await onPage(async (page) => {
        await page.goto(`${address()}/admin/customers/${id}`)
        await page.getByRole('button', { name: 'Newsletter, E-mail: Yes' }).click()
        const detail = page.getByRole('region', { name: 'Chosen consent' })
        const { items } = await client.consents.find({ where: { contactId: id } })
        expect(items).toMatchObject([{ status: 'granted', source: 'in the shop' }])
        await detail.getByText(items[0]?.id ?? '').waitFor()
        expect(await detail.getByText('not confirmed').count()).toBe(0)
        await press(page, 'Take back')
        await page.getByRole('button', { name: 'Newsletter, E-mail: Taken back' }).waitFor()
        await detail.getByText('All 2 statements').click()
        expect(await detail.getByRole('listitem').allInnerTexts()).toEqual([
          expect.stringMatching(/^Taken back .*, in the shop$/),
          expect.stringMatching(/^Yes .*, in the shop, confirmed$/),
        ])
        await cleanInBoth(page)
      })
      await client.contacts.delete(id)
    })

    test('exports everything about a person, and erases them after a question', async () => {
      const client = staff(address())
      const input = { firstName: 'Otis', lastName: 'Erased', emails: [{ address: 'otis.erased@example.com' }] }
      const { id } = await client.contacts.create(input)
      await onPage(async (page) => {
        await page.goto(`${address()}/admin/customers/${id}`)
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Export everything' }).click(),
        ])
        expect(download.suggestedFilename()).toBe('personal-data.jsonl')
        await page.getByText(/^Exported: \d+ lines\.$/).waitFor()
        await press(page, 'Erase …')
        const dialog = page.getByRole('dialog', { name: 'Erase Otis Erased?' })
        expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true)
        await dialog.getByRole('radio', { name: 'Nothing that was theirs' }).check()
        await dialog.getByRole('checkbox').check()
        await cleanInBoth(page)
        await dialog.getByRole('button', { name: 'Erase' }).click()
        await page.getByText('Erased. Only the evidence is left').waitFor()
      })
      await expect(client.contacts.get(id)).rejects.toMatchObject({ status: 404 })
      await expect(client.contacts.create(input)).rejects.toMatchObject({ reason: 'suppressed' })
    })
  })
}

/** Goes to a button by keyboard and presses it. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).first().waitFor()
  await tabTo(page, 'button', name)
  await page.keyboard.press('Enter')
}

/** Demands that axe finds nothing in either theme. */
async function cleanInBoth(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectClean(page)
  }
}

async function counts(page: Page): Promise<Record<string, string>> {
  const tiles = await page.locator('[data-outcome]').all()
  return Object.fromEntries(
    await Promise.all(
      tiles.map(async (tile) => [await tile.getAttribute('data-outcome'), await tile.innerText()] as [string, string]),
    ),
  )
}

/** Somebody changes the last name of the customer whom the newest merge left. */
async function renameSurvivor(address: string, lastName: string): Promise<void> {
  const { merges, contacts } = staff(address)
  const { items } = await merges.find({ orderBy: ['-createdAt'], limit: 1 })
  await contacts.update(items[0]?.survivorId ?? '', { lastName })
}

/** Customers who are not in the log. */
const fromElsewhere = { not: { leadSource: 'cdnow' } }

/** How many customers there are besides those of the log. */
async function newCustomers(address: string): Promise<number> {
  const { items } = await staff(address).contacts.find({ where: fromElsewhere, limit: 100 })
  return items.length
}

/** A client that acts as the demo's member of staff. */
export function staff(address: string): RapportClient {
  return createRapportClient({
    baseUrl: `${address}/api/v1`,
    getToken: async () => {
      const response = await fetch(`${address}/demo/admin-token`, { method: 'POST', headers: { origin: address } })
      return ((await response.json()) as { token: string }).token
    },
  })
}
