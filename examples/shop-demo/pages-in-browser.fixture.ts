import type { BrowserContext } from 'playwright'
import { describe, expect, test } from 'vitest'
import { browserForTests, expectClean, focused, tabTo, timeoutMs, witness } from './browser-for-tests.fixture.js'

/** The pages in a real browser, by keyboard alone, under the policy, and by the rules of axe. */
export function describePagesInBrowser(address: () => string): void {
  const tests = browserForTests()
  const { onPage } = tests

  describe('by keyboard alone', { timeout: timeoutMs }, () => {
    test('a member of staff sorts the table and opens a card', () =>
      onPage(async (page) => {
        await page.goto(`${address()}/admin`)
        await page.getByRole('row').nth(5).waitFor()
        await tabTo(page, 'th')
        await page.keyboard.press('Home')
        for (let column = 0; column < 4; column++) await page.keyboard.press('ArrowRight')
        await page.keyboard.press('Enter')
        const header = page.getByRole('columnheader', { name: /Orders/ })
        await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending')
        // The log's most frequent buyer came 56 times.
        const most = page.getByRole('row').nth(1)
        expect(await most.getByRole('gridcell').nth(3).innerText()).toBe('56')
        const name = (await most.getByRole('rowheader').innerText()).split('\n').at(-1) as string

        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        await page.locator('rapport-customer-card').getByRole('heading', { name }).waitFor()
        // An id and nothing personal.
        expect(new URL(page.url()).hash).toMatch(/^#customer=[\da-f-]{36}$/)

        await tabTo(page, 'button', 'Close the customer')
        await page.keyboard.press('Escape')
        await expect.poll(() => page.locator('rapport-customer-card').isVisible()).toBe(false)
        expect(await focused(page)).toMatchObject({ role: 'td' })
      }))

    test('a customer files a ticket, staff answers and resolves it, and the customer sees it', () =>
      onPage(async (page) => {
        const subject = 'Filed by keyboard'
        await page.goto(address())
        await tabTo(page, 'button', 'Andre Broussard')
        await page.keyboard.press('Enter')
        await page.locator('rapport-ticket-form').getByRole('textbox', { name: 'Subject' }).waitFor()
        await tabTo(page, 'input', 'Subject')
        await page.keyboard.type(subject)
        await tabTo(page, 'textarea', 'Message')
        await page.keyboard.type('The needle <b>skips</b> & 跳针.')
        await tabTo(page, 'button', 'Send message')
        await page.keyboard.press('Enter')
        const own = page.locator('rapport-ticket-list').getByRole('button', { name: subject })
        await own.waitFor()

        const staff = await page.context().newPage()
        await staff.goto(`${address()}/admin#tickets`)
        await staff.getByRole('button', { name: subject }).waitFor()
        await tabTo(staff, 'button', subject)
        await staff.keyboard.press('Enter')
        await staff.getByText('The needle <b>skips</b> & 跳针.').waitFor()
        await tabTo(staff, 'textarea', 'Your answer')
        await staff.keyboard.type('We send another needle.')
        await tabTo(staff, 'button', 'Send')
        await staff.keyboard.press('Enter')
        await staff.locator('.message-outbound').getByText('We send another needle.').waitFor()
        await tabTo(staff, 'button', 'Resolve')
        await staff.keyboard.press('Enter')
        await staff.getByRole('button', { name: 'Reopen' }).waitFor()
        await staff.getByRole('button', { name: subject }).waitFor({ state: 'detached' })
        expect(await staff.evaluate(() => Reflect.get(globalThis, 'violations'))).toEqual([])

        await page.reload()
        await own.waitFor()
        await tabTo(page, 'button', subject)
        await page.keyboard.press('Enter')
        await page.locator('rapport-ticket-list').getByText('We send another needle.').waitFor()
      }))
  })

  test(
    'staff has the scores computed again by keyboard, sees how far it is, and then the new ones',
    () =>
      onPage(async (page) => {
        await page.goto(`${address()}/admin#scores`)
        await page.getByRole('heading', { name: 'Scores', level: 1 }).waitFor()
        await page.evaluate(() => Reflect.set(globalThis, 'beforeReload', true))
        await tabTo(page, 'button', 'Compute the scores again')
        await page.keyboard.press('Enter')
        const progress = page.getByRole('progressbar', { name: 'Scores computed' })
        await progress.waitFor()
        await page
          .getByRole('status')
          .getByText(/^Kept for [\d,]+ of 2,357 customers$/)
          .waitFor()
        expect(Number(await progress.getAttribute('value'))).toBeGreaterThan(0)
        expect(await page.evaluate(() => Reflect.get(globalThis, 'beforeReload'))).toBe(true)
        await expect
          .poll(() => page.evaluate(() => Reflect.get(globalThis, 'beforeReload')), { timeout: 60_000 })
          .toBe(undefined)
        await page.getByRole('cell', { name: '224 Champions' }).waitFor()
        expect(await progress.isVisible()).toBe(false)
      }),
    timeoutMs,
  )

  test(
    'a card tells every score with its reasons',
    () =>
      onPage(async (page) => {
        await page.goto(`${address()}/admin`)
        await page.getByRole('row').nth(5).waitFor()
        await page.getByRole('row').nth(1).click()
        const card = page.locator('rapport-customer-card')
        for (const name of ['Risk of leaving', 'Relationship', 'Customer group', 'Customer lifetime value']) {
          await card.getByRole('heading', { name, exact: true }).waitFor()
        }
        await card.getByText('Probability of still being a customer').first().waitFor()
      }),
    timeoutMs,
  )

  test('without JavaScript a customer signs in and files a ticket, and the back office has it', async () => {
    const subject = 'Filed without JavaScript'
    await onPage(
      async (page) => {
        await page.goto(address())
        await page.getByRole('button', { name: 'Jason Wu' }).click()
        await page.getByLabel('Subject').fill(subject)
        await page.getByLabel('Message').fill('My browser runs no scripts.')
        await page.getByRole('button', { name: 'Send' }).click()
        await page.getByText('Your request has arrived.').waitFor()
      },
      { javaScriptEnabled: false },
    )
    await onPage(async (page) => {
      await page.goto(`${address()}/admin#tickets`)
      await page.getByRole('button', { name: subject }).waitFor()
    })
  })

  test('the policy is in force: what it forbids is reported', async () => {
    const context: BrowserContext = await tests.browser.newContext()
    await context.addInitScript(witness)
    const page = await context.newPage()
    await page.goto(address())
    await page.evaluate(() => document.body.setAttribute('style', 'color: red'))
    await expect
      .poll(() => page.evaluate(() => Reflect.get(globalThis, 'violations')))
      .toEqual(['style-src-attr inline'])
    await context.close()
  })

  describe.each(['light', 'dark'] as const)(
    'axe finds nothing in the %s theme',
    { timeout: timeoutMs },
    (colorScheme) => {
      test('in the back office: customers, an open card, tickets, scores, models', () =>
        onPage(
          async (page) => {
            await page.goto(`${address()}/admin`)
            await page.getByRole('row').nth(5).waitFor()
            await expectClean(page)
            await page.getByRole('row').nth(1).click()
            await page.locator('rapport-customer-card').getByRole('heading').nth(2).waitFor()
            await expectClean(page)
            await page.goto(`${address()}/admin#tickets`)
            await page.locator('.ticket').first().click()
            await page.locator('.message').first().waitFor()
            await expectClean(page)
            await page.goto(`${address()}/admin#scores`)
            await page.getByText('The same in numbers').click()
            await expectClean(page)
            await page.goto(`${address()}/admin#models`)
            await expectClean(page)
          },
          { colorScheme },
        ))

      test('in the shop: signed out, and signed in with a ticket open', () =>
        onPage(
          async (page) => {
            await page.goto(address())
            await expectClean(page)
            await page.getByRole('button', { name: 'Andre Broussard' }).click()
            const ticket = page.locator('rapport-ticket-list').getByRole('button').first()
            await ticket.click()
            await expectClean(page)
          },
          { colorScheme },
        ))
    },
  )
}
