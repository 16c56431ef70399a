import type { ComponentChild, ComponentChildren, JSX } from 'preact'
import type { ConsentRecord, CustomerView } from '../element/gateway.js'
import type { Localiser } from '../localisation/localiser.js'
import { Chip, ValueChip } from '../parts/chip.js'
import { CardSection } from './card-section.js'

/** How to reach the customer, and what else is known of the person. */
export function ProfileSection({
  view,
  localiser,
}: {
  readonly view: CustomerView
  readonly localiser: Localiser
}): JSX.Element {
  const { contact, companies = [] } = view
  const { primaryEmail: email, primaryPhone: phone, tags = [] } = contact
  const facts: readonly (readonly [label: string, content: ComponentChild])[] = [
    [
      localiser.text('card.email'),
      email && <a href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`}>{email}</a>,
    ],
    [localiser.text('card.phone'), phone && <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{phone}</a>],
    [localiser.text('card.company'), companies.map(({ company }) => company.name).join(', ')],
    [localiser.text('card.jobTitle'), contact.jobTitle],
    [localiser.text('card.language'), contact.locale && languageName(contact.locale, localiser)],
    [localiser.text('card.firstOrder'), contact.firstOrderAt && localiser.day(contact.firstOrderAt)],
  ]
  return (
    <CardSection
      name="profile"
      title={localiser.text('card.profile')}
      emptyText={tags.length === 0 && !facts.some(([, content]) => content) && localiser.text('card.noProfile')}
    >
      <dl class="facts">
        {facts.map(
          ([label, content]) =>
            content && (
              <Fact key={label} label={label}>
                {content}
              </Fact>
            ),
        )}
        {tags.length > 0 && (
          <Fact label={localiser.text('card.tags')}>
            <span class="chips">
              {tags.map((tag) => (
                <Chip key={tag} tone="calm" text={tag} />
              ))}
            </span>
          </Fact>
        )}
      </dl>
    </CardSection>
  )
}

/** The newest statement for each purpose and channel; the list comes newest first, and older ones no longer count. */
export function standingConsents(consents: readonly ConsentRecord[]): readonly ConsentRecord[] {
  const newest = new Map<string, ConsentRecord>()
  for (const consent of consents) {
    const key = `${consent.purpose}\n${consent.channel ?? ''}`
    if (!newest.has(key)) newest.set(key, consent)
  }
  return [...newest.values()]
}

/** What the customer agreed to. */
export function ConsentSection(props: {
  readonly consents: readonly ConsentRecord[]
  readonly localiser: Localiser
}): JSX.Element {
  const { consents, localiser } = props
  return (
    <CardSection
      name="consent"
      title={localiser.text('card.consent')}
      emptyText={consents.length === 0 && localiser.text('card.noConsent')}
    >
      <ul class="lines">
        {standingConsents(consents).map((consent) => (
          <li class="line" key={consent.id}>
            <span>
              {localiser.label('purpose', consent.purpose)}
              {consent.channel && <span class="muted"> · {localiser.label('channel', consent.channel)}</span>}
            </span>
            <ValueChip group="consent" value={consent.status} localiser={localiser} />
          </li>
        ))}
      </ul>
    </CardSection>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children?: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt class="muted">{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function languageName(tag: string, localiser: Localiser): string {
  try {
    return new Intl.DisplayNames(localiser.language, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
