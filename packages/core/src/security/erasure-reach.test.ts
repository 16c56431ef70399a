import { expect, test } from 'vitest'
import { crmEntities } from '../crm-entities.js'
import { type Entity, type EntitySchema, innerSchema, objectShape } from '../entity/entity.js'
import { sweptEntities } from './sweep-runs.js'

/** Entities in which a person can only be named by mistake, with the reason. A new entity is reached by erasure, or stands here. */
const notAboutPersons: Readonly<Record<string, string>> = {
  tenant: 'settings',
  tenantKey: 'a secret',
  encryptionKey: 'wrapped keys; erasure destroys those of the person',
  counter: 'numbers',
  customField: 'definitions',
  pendingRollUp: 'ids of records that are computed anew',
  customUniqueValue: 'ids; a row goes with the value it stands for',
  subscription: 'positions in the change feed',
  restoration: 'a mark',
  company: 'an organisation; what is written about a person there is the tenant’s to find',
  associationType: 'definitions',
  optionList: 'definitions',
  suppression: 'that somebody is suppressed, never who',
  suppressionHash: 'keyed hashes: what keeps the person from coming back',
  mergeRecord: 'ids and names of fields',
  mergedRelation: 'ids and names of fields',
  recordAlias: 'ids',
  erasure: 'what shows that the person was erased',
  legalHold: 'ids and a file number',
  retentionPolicy: 'settings',
  member: 'staff of the tenant, who are not customers',
  team: 'staff of the tenant',
  ownerMove: 'ids of records and of staff',
  poolPolicy: 'settings',
  claimLedger: 'counts of staff',
}

/** Texts that say nothing of a person, of entities that erasure reaches: keys, codes and ids. `entity.path`, or `path` of any. */
const notPersonal: ReadonlySet<string> = new Set([
  ...[
    'journal.entity',
    'journal.recordId',
    'journal.actorType',
    'journal.actorId',
    'journal.previousHash',
    'journal.hash',
  ],
  // Names of actors, payloads and, where ids alone are given, causes: erased by what they hold.
  ...['journal.actor', 'journal.events', 'journal.cause', 'message.author'],
  ...['contact.locale', 'contact.timeZone', 'contact.leadSource'],
  ...['externalRef.system', 'externalRef.objectType', 'externalRef.externalId', 'externalRef.recordId'],
  ...['association.fromType', 'association.fromId', 'association.toType', 'association.toId', 'association.typeKey'],
  ...['association.label', 'association.inverseLabel', 'association.from', 'association.to'],
  ...['externalData.source', 'consent.purpose', 'consent.source', 'consent.policyVersion'],
  ...['consentRequest.purpose', 'consentRequest.source', 'consentRequest.policyVersion', 'consentRequest.consentId'],
  // What was sold and under which number is the business’s own record; custom fields of an order may be personal.
  ...['order.total.currency', 'order.refunded.currency', 'order.items', 'order.externalRefs'],
  ...['activity.links', 'ticket.status', 'timelineEntry.subjectType', 'timelineEntry.subjectId'],
  ...['timelineEntry.recordType', 'timelineEntry.recordId'],
  ...['visitor.rootId', 'visitor.currentId', 'visitorConsent.purpose', 'visitorConsent.source'],
  ...['visitorConsent.policyVersion', 'behaviourEvent.type', 'behaviourEvent.purpose', 'behaviourEvent.product'],
  ...['behaviourEvent.consentId', 'segmentMember.recordId'],
  ...['score.subjectType', 'score.subjectId', 'score.modelVersion', 'score.label', 'score.interval', 'score.reasons'],
  ...['score.parameters', 'score.runId', 'mergePreImage.mergeId', 'mergePreImage.entity', 'mergePreImage.recordId'],
  ...['duplicate.object', 'duplicate.leftId', 'duplicate.rightId', 'duplicate.reasons', 'duplicate.runId'],
])

/** Entities that erasure comes to by following references from a contact, links and pairs of type and id. */
function reached(): ReadonlySet<string> {
  const found = new Set(['contact', 'journal'])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const { name, fields, polymorphicReferences } of crmEntities as readonly Entity[])
      if (polymorphicReferences || [...fields.values()].some(({ references }) => references && found.has(references)))
        found.add(name)
  }
  return found
}

/** The free texts of an entity: no reference and no choice of a few words. */
function freeTexts(entity: Entity): string[] {
  return [...entity.fields.values()].flatMap(({ path, type, references, derived }) => {
    if (references !== undefined || (type !== 'text' && type !== 'text[]' && type !== 'json')) return []
    return isChoice(derived ? entity.derived : entity.schema, path.split('.')) ? [] : [path]
  })
}

function isChoice(schema: EntitySchema | undefined, keys: readonly string[]): boolean {
  let at: Parameters<typeof innerSchema>[0] | undefined = schema
  for (const key of keys) {
    for (let inner = at && innerSchema(at); inner; inner = innerSchema(inner.schema)) at = inner.schema
    at = at && objectShape(at)?.[key]
  }
  for (let inner = at && innerSchema(at); inner; inner = innerSchema(inner.schema)) at = inner.schema
  return (at?._zod.def as { type?: string } | undefined)?.type === 'enum'
}

test('erasure reaches every entity, by reference or by sweeping, or the entity is declared to be about no person', () => {
  const found = reached()
  const swept: ReadonlySet<string> = new Set(sweptEntities)
  const lost = crmEntities
    .map(({ name }) => name)
    .filter((name) => !found.has(name) && !swept.has(name) && notAboutPersons[name] === undefined)
  expect(lost).toEqual([])
})

test('every free text of an entity that erasure reaches is flagged personal, or declared not to be', () => {
  const found = reached()
  const swept: ReadonlySet<string> = new Set(sweptEntities)
  const unknown = (crmEntities as readonly Entity[]).flatMap((entity) =>
    found.has(entity.name) && !swept.has(entity.name) && notAboutPersons[entity.name] === undefined
      ? freeTexts(entity)
          .filter((path) => !entity.fields.get(path)?.personal && !notPersonal.has(`${entity.name}.${path}`))
          .map((path) => `${entity.name}.${path}`)
      : [],
  )
  expect(unknown).toEqual([])
})

test('nothing is declared that is not there any more, or that is flagged personal', () => {
  const entities = new Map((crmEntities as readonly Entity[]).map((entity) => [entity.name, entity]))
  const stale = [...notPersonal].filter((place) => {
    const dot = place.indexOf('.')
    const field = entities.get(place.slice(0, dot))?.fields.get(place.slice(dot + 1))
    return !field || field.personal === true
  })
  expect(stale).toEqual([])
  expect(Object.keys(notAboutPersons).filter((name) => !entities.has(name))).toEqual([])
})
