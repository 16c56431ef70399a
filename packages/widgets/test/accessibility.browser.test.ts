import '@rapport/widgets/define/all'
import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { matrixCases, mountCase } from './matrix-cases.js'

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
    await mountCase(each, main)
    const { violations, incomplete } = await axe.run(document, { runOnly: tags })
    expect(violations.flatMap(reported)).toEqual([])
    expect(incomplete.filter(({ id }) => id === 'color-contrast').flatMap(reported)).toEqual([])
  })
})

function reported({ id, nodes }: axe.Result): string[] {
  return nodes.map(({ target, failureSummary }) => `${id} ${target.flat().join(' ')}: ${failureSummary}`)
}
