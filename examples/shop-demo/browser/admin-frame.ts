import { createRapportClient, type RapportClient } from '@rapport/http/client'
import { byId } from './element.js'
import { chooseTheme, isDark } from './theme.js'
import { tokenFrom } from './token-from.js'

/** What every page of the back office begins with: the button for the theme, and a client that acts as the member of staff. */
export function adminFrame(): RapportClient {
  const theme = byId<HTMLButtonElement>('theme')
  theme.setAttribute('aria-pressed', String(isDark()))
  theme.addEventListener('click', () => {
    chooseTheme(isDark() ? 'light' : 'dark')
    theme.setAttribute('aria-pressed', String(isDark()))
  })
  return createRapportClient({ baseUrl: '/api/v1', getToken: () => tokenFrom('/demo/admin-token') })
}
