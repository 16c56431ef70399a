import type { JSX } from 'preact'
import type { CustomerView, ScoreReason, ScoreRecord } from '../element/gateway.js'
import type { Localiser } from '../localisation/localiser.js'
import { Chip, ValueChip } from '../parts/chip.js'
import { Icon, type IconName } from '../parts/icon.js'
import { CardSection } from './card-section.js'

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
              <ScoreValue score={score} view={view} localiser={localiser} />
            </div>
            <ul class="reasons">
              {score.reasons?.map((reason) => (
                <Reason key={reason.what} reason={reason} localiser={localiser} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </CardSection>
  )
}

/** A score in the words of its model: a segment, a tier, an amount; otherwise its number. */
function ScoreValue(props: {
  readonly score: ScoreRecord
  readonly view: CustomerView
  readonly localiser: Localiser
}): JSX.Element {
  const { score, localiser } = props
  const { clv, rfm, value } = props.view.contact.scores ?? {}
  if (score.model === 'rfm' && rfm) return <ValueChip group="segment" value={rfm.segment} localiser={localiser} />
  if (score.model === 'value' && value) return <ValueChip group="tier" value={value.tier} localiser={localiser} />
  if (score.model === 'clv' && clv) return <span class="number strong">{localiser.money(clv)}</span>
  return <Chip tone="calm" text={score.label ?? localiser.number(score.value)} />
}

const effects: Readonly<Record<string, { readonly icon: IconName; readonly key: 'card.raises' | 'card.lowers' }>> = {
  raises: { icon: 'up', key: 'card.raises' },
  lowers: { icon: 'down', key: 'card.lowers' },
}

function Reason({ reason, localiser }: { readonly reason: ScoreReason; readonly localiser: Localiser }): JSX.Element {
  const effect = effects[reason.effect]
  const evidence = evidenceText(reason.evidence, localiser)
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

/** The facts behind a reason in one line; an RFM score is shown as its place on the scale, such as `4 / 5`. */
function evidenceText(evidence: unknown, localiser: Localiser): string {
  if (typeof evidence !== 'object' || evidence === null) return ''
  const facts = evidence as Readonly<Record<string, unknown>>
  if (typeof facts.score === 'number' && typeof facts.bins === 'number') {
    return `${localiser.number(facts.score)} / ${localiser.number(facts.bins)}`
  }
  return Object.entries(facts)
    .filter(([, value]) => typeof value === 'number' && Number.isFinite(value))
    .map(([name, value]) => `${localiser.label('evidence', name)} ${localiser.number(rounded(Number(value)))}`)
    .join(' · ')
}

function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10
}
