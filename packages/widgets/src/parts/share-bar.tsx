import type { JSX } from 'preact'
import type { Localiser } from '../localisation/localiser.js'

/** Below this ratio a bar counts as low; the number beside it says the same. */
const lowBelow = 0.3
/** Below this ratio a bar counts as middling. */
const middleBelow = 0.6

/** A ratio of 0 to 1 as a small bar with its percentage. The bar is decoration; the number is the information. */
export function ShareBar({ ratio, localiser }: { readonly ratio: number; readonly localiser: Localiser }): JSX.Element {
  const bounded = Math.min(1, Math.max(0, ratio))
  const level = bounded < lowBelow ? 'low' : bounded < middleBelow ? 'middle' : 'high'
  return (
    <span class="share">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="10" />
        <rect class={`fill ${level}`} width={bounded * 100} height="10" />
      </svg>
      <span class="number">{localiser.share(bounded)}</span>
    </span>
  )
}
