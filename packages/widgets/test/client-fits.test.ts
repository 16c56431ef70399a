import type { RapportClient } from '@rapport/http/client'
import type { CustomerCardGateway, CustomerTableGateway, TicketFormGateway, TicketListGateway } from '@rapport/widgets'
import { expect, test } from 'vitest'

// The type checker does the checking: the HTTP client can be handed to every element as it is.
const table = (client: RapportClient): CustomerTableGateway => client
const card = (client: RapportClient): CustomerCardGateway => client
const form = (client: RapportClient): TicketFormGateway => client
const list = (client: RapportClient): TicketListGateway => client

test('the HTTP client fits every element', () => {
  expect([table, card, form, list]).toHaveLength(4)
})
