import type { JSX } from 'preact'
import type { CustomerView, ScoreReason, ScoreRecord } from '../element/gateway.js'
import { isMoney } from '../element/is-money.js'
import type { Localiser } from '../localisation/localiser.js'
import { Chip, ValueChip } from '../parts/chip.js'
import { Icon, type IconName } from '../parts/icon.js'
import { CardSection } from './card-section.js'
import { evidenceText } from './evidence-text.js'

/** The scores, each with the reasons that moved it. */
export function ScoresSection({
  view,
  localiser,
}: {
  readonly view: CustomerView
  readonly localiser: Localiser
}): JSX.Element {
  const asOf = view.scores[0]?.asOf
  return (
    <CardSection
      name="scores"
      title={localiser.text('card.scores')}
      aside={asOf && <span class="muted small">{localiser.text('card.asOf', { day: localiser.day(asOf) })}</span>}
      emptyText={view.scores.length === 0 && localiser.text('card.noScores')}
    >
      <ul class="scores-list">
        {view.scores.map((score) => (
          <li class="score" key={score.model}>
            <div class="score-head">
              <h4>{localiser.label('model', score.model)}</h4>
              <ScoreValue score={score} localiser={localiser} />
            </div>
            <ul class="reasons">
              {score.reasons?.map((reason, index) => (
                <Reason
                  key={`${index} ${reason.what}`}
                  reason={reason}
                  currency={score.parameters?.currency}
                  localiser={localiser}
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </CardSection>
  )
}

/** A score in the words of its model: a segment, a tier, an amount; otherwise its number. */
function ScoreValue({ score, localiser }: { readonly score: ScoreRecord; readonly localiser: Localiser }): JSX.Element {
  const { model, label, value, interval } = score
  const amount = { amountMinor: value, currency: score.parameters?.currency }
  if (model === 'rfm' && label) return <ValueChip group="segment" value={label} localiser={localiser} />
  if (model === 'value' && label) return <ValueChip group="tier" value={label} localiser={localiser} />
  if (model === 'churn' && label) return <ValueChip group="churn" value={label} localiser={localiser} />
  if (model === 'relationship' && label) return <ValueChip group="relationship" value={label} localiser={localiser} />
  if (model === 'growth' && label) return <ValueChip group="strategy" value={label} localiser={localiser} />
  if (model === 'cluster') {
    return <Chip tone="calm" text={localiser.text('card.group', { n: localiser.number(value) })} />
  }
  if (model === 'clv' && isMoney(amount)) {
    const { currency } = amount
    const limit = (amountMinor: number): string => localiser.money({ amountMinor, currency })
    return (
      <span class="number">
        <span class="strong">{localiser.money(amount)}</span>
        {interval && <span class="muted small">{` ${limit(interval.low)}–${limit(interval.high)}`}</span>}
      </span>
    )
  }
  return <Chip tone="calm" text={label ?? localiser.number(value)} />
}

const effects: Readonly<Record<string, { readonly icon: IconName; readonly key: 'card.raises' | 'card.lowers' }>> = {
  raises: { icon: 'up', key: 'card.raises' },
  lowers: { icon: 'down', key: 'card.lowers' },
}

function Reason(props: {
  readonly reason: ScoreReason
  readonly currency: unknown
  readonly localiser: Localiser
}): JSX.Element {
  const { reason, localiser } = props
  const effect = effects[reason.effect]
  const evidence = evidenceText(reason.evidence, props.currency, localiser)
  return (
    <li class="reason">
      <span class={`effect ${effect ? reason.effect : 'neutral'}`}>
        <Icon name={effect?.icon ?? 'even'} />
        <span class="hidden">{localiser.text(effect?.key ?? 'card.neutral')}</span>
      </span>
      <span class="line-text">
        <span>{localiser.label('reason', reason.what)}</span>
        {evidence && <span class="muted small number">{evidence}</span>}
      </span>
    </li>
  )
}
