import type { JSX } from 'preact'
import { codeOf, type Localiser } from '../localisation/localiser.js'

/** What a chip's colour says; the text says it too. */
export type ChipTone = 'calm' | 'good' | 'warn' | 'bad' | 'accent'

/** Values of the closed sets whose colour is not the calm one. */
const tones: Readonly<Record<string, ChipTone>> = {
  'stage.customer': 'good',
  'stage.evangelist': 'accent',
  'stage.opportunity': 'accent',
  'segment.champions': 'good',
  'segment.loyal': 'good',
  'segment.potentialLoyalist': 'accent',
  'segment.new': 'accent',
  'segment.promising': 'accent',
  'segment.needAttention': 'warn',
  'segment.aboutToSleep': 'warn',
  'segment.atRisk': 'bad',
  'segment.cannotLose': 'bad',
  'tier.mostValuable': 'good',
  'tier.mostGrowable': 'accent',
  'tier.belowZero': 'bad',
  'churn.low': 'good',
  'churn.medium': 'warn',
  'churn.high': 'bad',
  'relationship.acquire': 'accent',
  'relationship.grow': 'good',
  'relationship.mature': 'good',
  'relationship.decline': 'warn',
  'relationship.lost': 'bad',
  'category.new': 'accent',
  'category.open': 'accent',
  'category.waitingOnCustomer': 'warn',
  'category.resolved': 'good',
  'progress.new': 'accent',
  'progress.open': 'accent',
  'progress.waitingOnThird': 'accent',
  'progress.snoozed': 'accent',
  'progress.waitingOnCustomer': 'warn',
  'progress.resolved': 'good',
  'order.completed': 'good',
  'order.open': 'accent',
  'order.refunded': 'warn',
  'consent.granted': 'good',
  'consent.revoked': 'bad',
  'consent.denied': 'bad',
  'priority.high': 'warn',
  'priority.urgent': 'bad',
}

/** The tone of a value of a closed set. */
export function toneOfValue(group: string, value: string): ChipTone {
  return tones[`${group}.${codeOf(value)}`] ?? 'calm'
}

/** A small label for a state. */
export function Chip({ tone, text }: { readonly tone: ChipTone; readonly text: string }): JSX.Element {
  return (
    <span class={`chip ${tone}`} part="chip">
      {text}
    </span>
  )
}

/** A value of a closed set (`stage`, `category` …) as a chip in its colour and the reader's language. */
export function ValueChip(props: {
  readonly group: string
  readonly value: string
  readonly localiser: Localiser
}): JSX.Element {
  const { group, value, localiser } = props
  return <Chip tone={toneOfValue(group, value)} text={localiser.label(group, value)} />
}
