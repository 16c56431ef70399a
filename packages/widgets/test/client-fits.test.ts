import type { RapportClient } from '@rapport/http/client'
import type { CustomerCardGateway, CustomerTableGateway, TicketFormGateway, TicketListGateway } from '@rapport/widgets'
import { expectTypeOf, test } from 'vitest'

// Checked by the type checker: the HTTP client can be handed to every element as it is.
test('the HTTP client is what the elements ask for', () => {
  expectTypeOf<RapportClient>().toExtend<CustomerTableGateway>()
  expectTypeOf<RapportClient>().toExtend<CustomerCardGateway>()
  expectTypeOf<RapportClient>().toExtend<TicketFormGateway>()
  expectTypeOf<RapportClient>().toExtend<TicketListGateway>()
})
