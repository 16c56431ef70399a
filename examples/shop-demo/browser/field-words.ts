const words: Readonly<Record<string, string>> = {
  salutation: 'Salutation',
  firstName: 'First name',
  lastName: 'Last name',
  fullName: 'Name',
  emails: 'E-mail addresses',
  phones: 'Phone numbers',
  birthDate: 'Date of birth',
  jobTitle: 'Job title',
  locale: 'Language',
  timeZone: 'Time zone',
  lifecycleStage: 'Stage',
  leadSource: 'Where they came from',
  tags: 'Tags',
  addresses: 'Addresses',
  externalRefs: 'Ids elsewhere',
  externalRef: 'Id in the other system',
  ownerId: 'Owner',
  teamIds: 'Teams',
  'addresses.line1': 'Street',
  'addresses.line2': 'Street, second line',
  'addresses.city': 'Town',
  'addresses.region': 'State or province',
  'addresses.postalCode': 'Postal code',
  'addresses.countryCode': 'Country code',
}

/** A field as staff calls it; one that has no word here is shown by its own name. */
export function fieldWords(field: string): string {
  return words[field] ?? field.replace(/^custom\./, '')
}

/** Fields of a customer that a column can go to, as the mapping offers them. */
export const importFields: readonly string[] = [
  ...['firstName', 'lastName', 'salutation', 'emails', 'phones', 'birthDate', 'jobTitle'],
  ...['addresses.line1', 'addresses.line2', 'addresses.postalCode', 'addresses.city', 'addresses.region'],
  ...['addresses.countryCode', 'lifecycleStage', 'leadSource', 'locale', 'timeZone', 'tags', 'externalRefs'],
]

/** A value of a field, in words: lists by their entries, each on a line, everything else as it is. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(entryWords).join('\n')
  return typeof value === 'object' ? entryWords(value) : String(value)
}

function entryWords(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry)
  const facts = entry as Readonly<Record<string, unknown>>
  if (facts.system !== undefined) return `${String(facts.system)} ${String(facts.externalId)}`
  const told = [facts.address, facts.number, facts.line1, facts.postalCode, facts.city].filter(
    (fact) => fact !== undefined,
  )
  return told.map(String).join(' ')
}
