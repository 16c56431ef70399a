import '@rapport/widgets/define/all'
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { matrixCases, mountCase } from './matrix-cases.js'
import { textContrasts } from './text-contrast.js'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let main: HTMLElement

beforeEach(() => {
  document.title = 'Rapport'
  const heading = document.createElement('h1')
  heading.textContent = 'Rapport'
  main = document.createElement('main')
  main.append(heading)
  document.body.replaceChildren(main)
})

afterEach(() => {
  document.body.replaceChildren()
  document.documentElement.removeAttribute('style')
  document.documentElement.lang = 'en'
})

describe.each([
  { theme: 'light', locale: 'en' },
  { theme: 'dark', locale: 'zh' },
])('in the $theme theme, in $locale', ({ theme, locale }) => {
  test.each(matrixCases.map((each) => [`<${each.tag}> ${each.state}`, each] as const))('%s', async (_, each) => {
    document.documentElement.lang = locale
    document.documentElement.style.setProperty('color-scheme', theme)
    document.documentElement.style.setProperty('background', theme === 'dark' ? '#000' : '#fff')
    document.documentElement.style.setProperty('color', theme === 'dark' ? '#fff' : '#000')
    const element = await mountCase(each, main)
    // Half-way through a change of colour, any contrast is possible.
    const transitions = element.shadowRoot!.getAnimations().filter((animation) => animation instanceof CSSTransition)
    await Promise.all(transitions.map(({ finished }) => finished))
    const { violations } = await axe.run(document, { runOnly: tags })
    expect(violations.flatMap(reported)).toEqual([])
    const contrasts = textContrasts(element.shadowRoot!)
    // A key where a text should be.
    expect(contrasts.filter(({ text }) => /^[a-z-]+\.\w+$/i.test(text))).toEqual([])
    // A skeleton has no text of its own; every other state has.
    expect(contrasts.length > 0).toBe(each.state !== 'loading' || each.tag !== 'rapport-customer-card')
    expect(contrasts.filter(({ ratio }) => ratio < 4.5)).toEqual([])
  })
})

function reported({ id, nodes }: axe.Result): string[] {
  return nodes.map(({ target, failureSummary }) => `${id} ${target.flat().join(' ')}: ${failureSummary}`)
}
