/** A company that does not exist, and the customers who are said to work there. */
export interface InventedCompany {
  readonly externalId: string
  readonly name: string
  readonly domain: string
  readonly industry: string
  readonly employeeCount: number
  readonly people: readonly (readonly [customerId: number, role: string])[]
}

/** Two companies among the customers. */
export const inventedCompanies: readonly InventedCompany[] = [
  {
    externalId: 'halfmoon',
    name: 'Halfmoon Café',
    domain: 'halfmoon-cafe.example',
    industry: 'Hospitality',
    employeeCount: 9,
    people: [
      [1516, 'Owner'],
      [549, 'Plays the records on Fridays'],
      [813, 'Bookkeeper'],
    ],
  },
  {
    externalId: 'northside',
    name: 'Northside Community Radio',
    domain: 'northside-radio.example',
    industry: 'Broadcasting',
    employeeCount: 24,
    people: [
      [1712, 'Station manager'],
      [509, 'Hosts the late show'],
      [841, 'Music editor'],
      [1981, 'Archivist'],
    ],
  },
]

/** A statement of consent that nobody gave. */
export interface InventedConsent {
  readonly customerId: number
  readonly purpose: string
  readonly channel: 'email' | 'post' | 'sms'
  readonly granted: boolean
}

/** What some customers are said to have agreed to. */
export const inventedConsents: readonly InventedConsent[] = [
  ...[509, 1820, 549, 841, 1887, 325, 1981, 1203, 813, 157].map((customerId) => ({
    customerId,
    purpose: 'newsletter',
    channel: 'email' as const,
    granted: customerId !== 325,
  })),
  { customerId: 509, purpose: 'order updates', channel: 'sms', granted: true },
  { customerId: 1820, purpose: 'catalogue', channel: 'post', granted: true },
  { customerId: 1292, purpose: 'catalogue', channel: 'post', granted: false },
]

/** Something staff is said to have noted. */
export interface InventedActivity {
  /** Tag by which it is found again. */
  readonly key: string
  readonly customerId: number
  readonly type: 'call' | 'note' | 'meeting' | 'visit'
  readonly subject: string
  readonly body?: string
  readonly occurredHoursAgo: number
}

/** Calls, notes and visits of the past weeks. */
export const inventedActivities: readonly InventedActivity[] = (
  [
    [509, 'visit', 'Listened to the new imports in the shop', 50, 'Left with a list of six titles to look for.'],
    [509, 'call', 'Called about the late show: wants promo copies', 170],
    [1820, 'note', 'Prefers to be called after five', 260],
    [549, 'meeting', 'Friday evenings at Halfmoon Café: fourth season agreed', 96],
    [841, 'note', 'Looks for first pressings, budget up to $80', 300],
    [1887, 'call', 'Thanked us for the birthday parcel', 60],
    [1981, 'visit', 'Brought photographs of the collection', 24],
    [1712, 'meeting', 'Planned three evenings on air', 100],
  ] as const
).map(([customerId, type, subject, occurredHoursAgo, body], index) => ({
  key: `invented-activity-${index + 1}`,
  customerId,
  type,
  subject,
  occurredHoursAgo,
  ...(body !== undefined && { body }),
}))
