import type { EntityChange } from '../../entity/entity-change.js'
import type { RowScore } from './row-scores.js'
import type { ScoreModel } from './score-entity.js'

/**
 * The scores that a contact carries itself, so that lists can filter and order by them. Where none of them was computed, the contact
 * only has to be there.
 */
export function contactScores(id: string, scores: ReadonlyMap<ScoreModel, RowScore>, asOf: string): EntityChange {
  const [rfm, clv, value, engagement] = (['rfm', 'clv', 'value', 'engagement'] as const).map((model) =>
    scores.get(model),
  )
  const set = {
    ...(rfm && {
      'scores.rfm.recency': rfm.parameters.recency,
      'scores.rfm.frequency': rfm.parameters.frequency,
      'scores.rfm.monetary': rfm.parameters.monetary,
      'scores.rfm.segment': rfm.label,
    }),
    ...(clv && {
      'scores.clv.amountMinor': clv.value,
      'scores.clv.currency': clv.parameters.currency,
      'scores.clv.probabilityAlive': clv.parameters.probabilityAlive,
      'scores.clv.expectedPurchases': clv.parameters.expectedPurchases,
      'scores.clv.asOf': asOf,
    }),
    ...(value && { 'scores.value.tier': value.label }),
    ...(engagement && { 'scores.engagement.value': engagement.value, 'scores.engagement.asOf': asOf }),
  }
  return Object.keys(set).length > 0
    ? { kind: 'derive', entity: 'contact', id, set }
    : { kind: 'require', entity: 'contact', id, is: 'present' }
}
