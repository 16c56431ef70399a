import type { Consent, ConsentDecision } from '@rapport/core'
import type { RapportClient } from '@rapport/http/client'
import { consentDetail } from './consent-detail.js'
import {
  type ConsentCell,
  channels,
  channelWords,
  purposes,
  purposeWords,
  reasonLook,
  reasonWords,
} from './consent-words.js'
import { byId, element } from './element.js'
import { problemWords } from './problem-words.js'

const mostStatements = 500

/** What a customer agreed to: purposes by channels, and the one that is chosen with its proof and history. */
export function consentPanel(client: RapportClient, contactId: string): { refresh(): Promise<void> } {
  const problem = byId('consent-problem')
  const detail = byId('consent-detail')
  let chosen: ConsentCell = { purpose: purposes[0] as string, channel: 'email' }
  let link: string | undefined

  byId('consent-channels').replaceChildren(
    element(
      'tr',
      {},
      element('th', { scope: 'col' }, 'Purpose'),
      ...channels.map((channel) => element('th', { scope: 'col' }, channelWords(channel))),
    ),
  )

  async function refresh(): Promise<void> {
    try {
      const { items } = await client.consents.find({
        where: { contactId },
        orderBy: ['-capturedAt'],
        limit: mostStatements,
      })
      const decisions = await decide(items)
      drawCells(items, decisions)
      drawDetail(items, decisions)
    } catch (error) {
      problem.textContent = problemWords(error)
    }
  }

  /** Asks only where something was said. */
  function decide(statements: readonly Consent[]): Promise<ConsentDecision[]> {
    const said = new Map(statements.map(({ purpose, channel }) => [`${channel} ${purpose}`, { purpose, channel }]))
    return Promise.all([...said.values()].map((cell) => client.consents.decide({ contactId, ...cell })))
  }

  function drawCells(statements: readonly Consent[], decisions: readonly ConsentDecision[]): void {
    const focused = document.activeElement?.id
    const all = [...new Set([...purposes, ...statements.map(({ purpose }) => purpose)])]
    byId('consent-rows').replaceChildren(
      ...all.map((purpose, row) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, purposeWords(purpose)),
          ...channels.map((channel, column) =>
            element('td', {}, cellButton({ purpose, channel }, decisions, `consent-${row}-${column}`)),
          ),
        ),
      ),
    )
    if (focused?.startsWith('consent-')) document.getElementById(focused)?.focus()
  }

  function cellButton(cell: ConsentCell, decisions: readonly ConsentDecision[], id: string): HTMLElement {
    const reason = decisionOn(cell, decisions)?.reason ?? 'no_statement'
    const button = element(
      'button',
      {
        type: 'button',
        id,
        'aria-pressed': String(isSame(cell, chosen)),
        'aria-label': `${purposeWords(cell.purpose)}, ${channelWords(cell.channel)}: ${reasonWords(reason)}`,
      },
      element('span', { class: reasonLook(reason) }, reasonWords(reason)),
    )
    button.addEventListener('click', () => {
      chosen = cell
      link = undefined
      void refresh()
    })
    return button
  }

  function drawDetail(statements: readonly Consent[], decisions: readonly ConsentDecision[]): void {
    const state = async (work: () => Promise<unknown>): Promise<void> => {
      problem.textContent = ''
      try {
        await work()
      } catch (error) {
        problem.textContent = problemWords(error)
      }
      await refresh()
    }
    const { purpose, channel } = chosen
    detail.replaceChildren(
      consentDetail({
        cell: chosen,
        decision: decisionOn(chosen, decisions),
        statements: statements.filter((statement) => isSame(statement, chosen)),
        link,
        onGrant: (source) => state(() => client.consents.grant({ contactId, purpose, channel, source })),
        onDeny: (source) => state(() => client.consents.deny({ contactId, purpose, channel, source })),
        onRevoke: (source) => state(() => client.consents.revoke({ contactId, purpose, channel, source })),
        onAsk: (source) =>
          state(async () => {
            const { token } = await client.consents.requestOptIn({ contactId, purpose, channel, source })
            link = `/consent/confirm?token=${token}`
          }),
      }),
    )
  }

  return { refresh }
}

function decisionOn(cell: ConsentCell, decisions: readonly ConsentDecision[]): ConsentDecision | undefined {
  return decisions.find((decision) => isSame(decision, cell))
}

function isSame(left: ConsentCell, right: ConsentCell): boolean {
  return left.purpose === right.purpose && left.channel === right.channel
}
