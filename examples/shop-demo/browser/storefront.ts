import '@rapport/widgets/define/ticket-form'
import '@rapport/widgets/define/ticket-list'
import { createRapportClient } from '@rapport/http/client'
import type { RapportTicketForm, RapportTicketList } from '@rapport/widgets'
import { tokenFrom } from './token-from.js'

const form = document.querySelector<RapportTicketForm>('rapport-ticket-form')
const list = document.querySelector<RapportTicketList>('rapport-ticket-list')

// Both are on the page of a customer who is signed in, and on no other.
if (form && list) {
  // #region widgets
  const client = createRapportClient({
    baseUrl: '/api/v1',
    getToken: () => tokenFrom('/session/rapport-token'),
  })
  form.client = client
  list.client = client
  form.addEventListener('rapport-submitted', () => list.refresh())
  // #endregion
}
