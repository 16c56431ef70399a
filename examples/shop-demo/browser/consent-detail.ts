import type { Consent, ConsentDecision } from '@rapport/core'
import { type ConsentCell, channelWords, purposeWords, reasonLook, reasonWords, statusWords } from './consent-words.js'
import { element } from './element.js'
import { momentWords } from './ticket-words.js'

/** What the detail of one purpose and channel is drawn from, and what it asks for. */
export interface ConsentDetailOptions {
  readonly cell: ConsentCell
  readonly decision: ConsentDecision | undefined
  /** Newest first. */
  readonly statements: readonly Consent[]
  /** Address that the person was asked to follow, once. */
  readonly link: string | undefined
  onGrant(source: string): Promise<void>
  onDeny(source: string): Promise<void>
  onRevoke(source: string): Promise<void>
  onAsk(source: string): Promise<void>
}

const sources = ['in the shop', 'on the phone', 'by e-mail', 'on paper']

/** One purpose and channel: what holds and its proof, what was said before, and what can be recorded now. */
export function consentDetail(options: ConsentDetailOptions): HTMLElement {
  const { cell, decision, statements, link } = options
  const reason = decision?.reason ?? 'no_statement'
  const proof = statements.find(({ id }) => id === decision?.consentId)
  const source = element('select', { id: 'consent-source' }, ...sources.map((text) => element('option', {}, text)))
  const button = (text: string, act: (source: string) => Promise<void>): HTMLElement => {
    const made = element('button', { type: 'button', id: `consent-${text.toLowerCase().replaceAll(' ', '-')}` }, text)
    made.addEventListener('click', async () => {
      await act(source.value)
      document.getElementById(made.id)?.focus()
    })
    return made
  }
  return element(
    'div',
    {},
    element(
      'h3',
      {},
      `${purposeWords(cell.purpose)}: ${channelWords(cell.channel)} `,
      element('span', { class: reasonLook(reason) }, reasonWords(reason)),
    ),
    proof ? proofList(proof) : element('p', { class: 'muted' }, 'Nothing was said, so nothing may be sent.'),
    statements.length > 1 ? historyList(statements) : undefined,
    element(
      'div',
      { class: 'actions' },
      element('label', { class: 'inline' }, 'They said so ', source),
      button('Record a yes', options.onGrant),
      button('Ask to confirm', options.onAsk),
      button('Record a no', options.onDeny),
      proof?.status === 'granted' ? button('Take back', options.onRevoke) : undefined,
    ),
    link === undefined ? undefined : linkNote(link),
  )
}

function proofList(proof: Consent): HTMLElement {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Said', momentWords(proof.capturedAt)],
    ['Where', proof.source],
    ['Confirmed (double opt-in)', proof.doubleOptInAt ? momentWords(proof.doubleOptInAt) : 'not confirmed'],
    ['Legal basis', proof.legalBasis],
    ['Until', proof.validTo && momentWords(proof.validTo)],
    ['Text seen', proof.policyVersion],
    ['Recorded by', proof.createdBy?.name ?? proof.createdBy?.type],
    ['Proof', proof.id],
  ]
  return element(
    'dl',
    { class: 'proof' },
    ...facts.flatMap(([name, value]) =>
      value === undefined ? [] : [element('div', {}, element('dt', {}, name), element('dd', {}, value))],
    ),
  )
}

function historyList(statements: readonly Consent[]): HTMLElement {
  return element(
    'details',
    {},
    element('summary', {}, `All ${statements.length} statements`),
    element(
      'ol',
      { class: 'history' },
      ...statements.map(({ status, source, capturedAt, doubleOptInAt }) =>
        element(
          'li',
          {},
          element('span', { class: reasonLook(status) }, statusWords(status)),
          ` ${momentWords(capturedAt)}, ${source}${doubleOptInAt === undefined ? '' : ', confirmed'}`,
        ),
      ),
    ),
  )
}

function linkNote(link: string): HTMLElement {
  return element(
    'p',
    { class: 'note-box', role: 'status' },
    'Waiting for the answer, 48 hours. The demo sends no mail; this is the link that would be in it: ',
    element('a', { href: link, target: '_blank', rel: 'noopener' }, 'Confirm'),
  )
}
