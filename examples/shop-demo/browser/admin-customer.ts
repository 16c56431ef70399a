import { adminFrame } from './admin-frame.js'
import { consentPanel } from './consent-panel.js'
import { byId } from './element.js'
import { privacyActions } from './privacy-actions.js'

const client = adminFrame()
const contactId = byId('customer').dataset.contact ?? ''
const panel = consentPanel(client, contactId)

privacyActions(client, contactId, () => {
  byId('customer-title').textContent = 'Erased customer'
  void panel.refresh()
})
void panel.refresh()
// Whoever confirmed in another tab comes back to what holds now.
window.addEventListener('focus', () => void panel.refresh())
