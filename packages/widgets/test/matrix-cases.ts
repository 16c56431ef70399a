import type { RapportCustomerCard, RapportCustomerTable, RapportTicketForm, RapportTicketList } from '@rapport/widgets'
import { sampleCustomers } from './sample-customers.js'
import { cardGateway, fails, formGateway, listGateway, never, tableGateway } from './sample-gateways.js'
import { bareView, sampleTickets, sampleView } from './sample-view.js'

/** One cell of the matrix: an element brought into one of its states. */
export interface MatrixCase {
  readonly tag: string
  readonly state: string
  /** Creates the element. Connecting it and `act` bring it into the state. */
  create(): HTMLElement
  /** What a person does to get there, once the element has been drawn. */
  act?(root: ShadowRoot): void
}

const limited = fails('rate_limited', { status: 429, retryAfterMs: 30_000 })
const forbidden = fails('access_denied', { status: 403 })
const broken = fails('storage_failed', { status: 503 })

function table(state: string, set: (table: RapportCustomerTable) => void, act?: MatrixCase['act']): MatrixCase {
  return matrixCase('rapport-customer-table', state, set, act)
}

function card(state: string, view: Parameters<typeof cardGateway>[0]): MatrixCase {
  return matrixCase<RapportCustomerCard>('rapport-customer-card', state, (element) => {
    element.contactId = 'c-00000'
    element.client = cardGateway(view)
  })
}

function form(state: string, open: Parameters<typeof formGateway>[0], act?: MatrixCase['act']): MatrixCase {
  return matrixCase<RapportTicketForm>(
    'rapport-ticket-form',
    state,
    (element) => {
      element.client = formGateway(open)
    },
    act,
  )
}

function list(state: string, client: ReturnType<typeof listGateway>, act?: MatrixCase['act']): MatrixCase {
  return matrixCase<RapportTicketList>(
    'rapport-ticket-list',
    state,
    (element) => {
      element.client = client
    },
    act,
  )
}

function matrixCase<E extends HTMLElement>(
  tag: string,
  state: string,
  set: (element: E) => void,
  act?: MatrixCase['act'],
): MatrixCase {
  const create = (): HTMLElement => {
    const element = document.createElement(tag) as E
    element.setAttribute('time-zone', 'UTC')
    set(element)
    return element
  }
  return { tag, state, create, ...(act && { act }) }
}

/** Types into a control as a person would. */
export function type(root: ShadowRoot, selector: string, text: string): void {
  const control = root.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector)!
  control.value = text
  control.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

function press(root: ShadowRoot, selector: string): void {
  root.querySelector<HTMLElement>(selector)!.click()
}

function fillAndSend(root: ShadowRoot): void {
  type(root, '#subject', 'Parcel never came')
  type(root, '#message', 'It should have been here last week.')
  press(root, '[type="submit"]')
}

const openFirst = (root: ShadowRoot): void => press(root, '.toggle')

/** Every element in every state. The same table drives the page, the accessibility tests and the screenshots. */
export const matrixCases: readonly MatrixCase[] = [
  table('ready', (element) => {
    element.rows = sampleCustomers(2357)
    element.setAttribute('sort', '-scores.clv')
  }),
  table(
    'no match',
    (element) => {
      element.rows = sampleCustomers(40)
    },
    (root) => type(root, 'input', 'nobody here'),
  ),
  table('loading', (element) => {
    element.client = tableGateway(0, never)
  }),
  table('empty', (element) => {
    element.client = tableGateway(0)
  }),
  table('error', (element) => {
    element.client = tableGateway(0, broken)
  }),
  table('forbidden', (element) => {
    element.client = tableGateway(0, forbidden)
  }),
  table('rate-limited', (element) => {
    element.client = tableGateway(0, limited)
  }),
  table('interrupted', (element) => {
    const whole = tableGateway(30)
    element.setAttribute('page-size', '20')
    element.client = tableGateway(0, (query) => (query.cursor ? broken() : whole.contacts.find(query)))
  }),
  card('ready', sampleView),
  card('bare', bareView),
  card('loading', never),
  matrixCase('rapport-customer-card', 'empty', () => {}),
  card('not found', fails('not_found', { status: 404 })),
  card('error', broken),
  card('rate-limited', limited),
  form('idle', undefined),
  form('invalid', undefined, (root) => press(root, '[type="submit"]')),
  form('sending', never, fillAndSend),
  form('sent', undefined, fillAndSend),
  form('failed', broken, fillAndSend),
  form('rate-limited', limited, fillAndSend),
  list('ready', listGateway(sampleTickets)),
  list('conversation', listGateway(sampleTickets), openFirst),
  list('closed conversation', listGateway(sampleTickets.slice(3)), openFirst),
  list('conversation failed', listGateway(sampleTickets, { messages: broken }), openFirst),
  list('loading', listGateway([], { find: never })),
  list('empty', listGateway([])),
  list('error', listGateway([], { find: broken })),
  list('forbidden', listGateway([], { find: forbidden })),
  list('rate-limited', listGateway([], { find: limited })),
]

/** Puts a case into `parent` and brings it into its state. */
export async function mountCase(matrix: MatrixCase, parent: Element): Promise<HTMLElement> {
  const element = matrix.create()
  parent.append(element)
  await settle(element)
  if (matrix.act) {
    matrix.act(element.shadowRoot!)
    await settle(element)
  }
  return element
}

/** Waits until an element has been drawn and its answered calls have been drawn as well. */
export async function settle(element: HTMLElement): Promise<void> {
  while (!element.shadowRoot?.childElementCount) await frame()
  await frame()
  await frame()
}

function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}
