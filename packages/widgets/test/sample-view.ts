import type { CustomerView, MessageRecord, TicketRecord } from '@rapport/widgets'

/** Invented tickets in every category that a visitor meets. */
export const sampleTickets: readonly TicketRecord[] = [
  {
    id: 't-1',
    number: 1042,
    subject: 'Parcel never came',
    category: 'waitingOnCustomer',
    priority: 'high',
    createdAt: '2026-09-21T09:12:00.000Z',
  },
  {
    id: 't-2',
    number: 1038,
    subject: 'Which turntable fits my amplifier?',
    category: 'open',
    priority: 'normal',
    createdAt: '2026-09-14T16:40:00.000Z',
  },
  {
    id: 't-3',
    number: 981,
    subject: 'The second disc is scratched',
    category: 'resolved',
    priority: 'normal',
    createdAt: '2026-06-02T11:05:00.000Z',
  },
  {
    id: 't-4',
    number: 772,
    subject: 'Please change my address',
    category: 'closed',
    priority: 'low',
    createdAt: '2025-12-18T08:30:00.000Z',
  },
]

/** A conversation with a note that a visitor must never see. */
export const sampleMessages: readonly MessageRecord[] = [
  {
    id: 'm-1',
    author: { type: 'contact', name: 'Ada King' },
    visibility: 'public',
    at: '2026-09-21T09:12:00.000Z',
    body: 'Hello, my order from the first of September has not arrived.\nThe tracking page has not changed for a week.',
  },
  {
    id: 'm-2',
    author: { type: 'user', name: 'Noor' },
    visibility: 'internal',
    at: '2026-09-21T09:30:00.000Z',
    body: 'Internal: carrier lost three parcels that day',
  },
  {
    id: 'm-3',
    author: { type: 'user', name: 'Noor' },
    visibility: 'public',
    at: '2026-09-21T10:02:00.000Z',
    body: 'Sorry about that! I have asked the carrier to look for it. Could you confirm your address, please?',
  },
]

/** A customer with something in every section. */
export const sampleView: CustomerView = {
  contact: {
    id: 'c-00000',
    fullName: 'Ada King',
    primaryEmail: 'ada.king@example.com',
    primaryPhone: '+44 20 7946 0958',
    jobTitle: 'Head of Programming',
    locale: 'en-GB',
    lifecycleStage: 'customer',
    firstOrderAt: '2024-02-11T10:00:00.000Z',
    lastOrderAt: '2026-09-01T10:00:00.000Z',
    orderCount: 14,
    tags: ['jazz', 'vinyl'],
    scores: {
      clv: { amountMinor: 28_450, currency: 'USD', probabilityAlive: 0.91 },
      rfm: { segment: 'champions' },
      value: { tier: 'most_valuable' },
    },
  },
  companies: [{ company: { id: 'o-1', name: 'Analytical Engines Ltd' } }],
  consents: [
    { id: 'k-1', purpose: 'marketing', channel: 'email', status: 'granted' },
    { id: 'k-2', purpose: 'marketing', channel: 'sms', status: 'revoked' },
    { id: 'k-3', purpose: 'marketing', channel: 'sms', status: 'granted' },
  ],
  orders: {
    count: 14,
    totals: [{ amountMinor: 61_230, currency: 'USD' }],
    items: [
      {
        id: 'o-77',
        placedAt: '2026-09-01T10:00:00.000Z',
        status: 'open',
        total: { amountMinor: 4999, currency: 'USD' },
        items: [
          { name: 'Kind of Blue', quantity: 1 },
          { name: 'Brush', quantity: 2 },
        ],
      },
      {
        id: 'o-71',
        placedAt: '2026-07-12T10:00:00.000Z',
        status: 'completed',
        total: { amountMinor: 2933, currency: 'USD' },
        items: [{ name: 'Blue Train', quantity: 1 }],
      },
      {
        id: 'o-65',
        placedAt: '2026-05-30T10:00:00.000Z',
        status: 'refunded',
        total: { amountMinor: 1176, currency: 'USD' },
        items: [],
      },
    ],
  },
  tickets: { openCount: 2, items: sampleTickets },
  timeline: {
    items: [
      { recordType: 'ticket', recordId: 't-1', at: '2026-09-21T09:12:00.000Z', title: 'Parcel never came' },
      { recordType: 'order', recordId: 'o-77', at: '2026-09-01T10:00:00.000Z', title: 'Order of $49.99' },
      {
        recordType: 'activity',
        recordId: 'a-3',
        at: '2026-08-20T14:30:00.000Z',
        title: 'Call about the autumn catalogue',
      },
      { recordType: 'order', recordId: 'o-71', at: '2026-07-12T10:00:00.000Z', title: 'Order of $29.33' },
    ],
  },
  scores: [
    {
      model: 'clv',
      value: 28_450,
      parameters: { currency: 'USD' },
      asOf: '2026-09-30T00:00:00.000Z',
      reasons: [
        { what: 'within_usual_rhythm', effect: 'raises', evidence: { silence: 4.1, usualGap: 9.9 } },
        { what: 'repeat_purchases', effect: 'raises', evidence: { repeatPurchases: 13, age: 137 } },
      ],
    },
    {
      model: 'rfm',
      value: 4.67,
      label: 'champions',
      reasons: [
        { what: 'rfm_recency', effect: 'raises', evidence: { value: 29, score: 5, bins: 5, segment: 'champions' } },
        { what: 'rfm_frequency', effect: 'raises', evidence: { value: 14, score: 5, bins: 5, segment: 'champions' } },
        {
          what: 'rfm_monetary',
          effect: 'neutral',
          evidence: { value: 612.3, score: 3, bins: 5, segment: 'champions' },
        },
      ],
    },
    {
      model: 'value',
      value: 28_450,
      label: 'most_valuable',
      parameters: { currency: 'USD' },
      reasons: [
        { what: 'net_value_above_cut', effect: 'raises', evidence: { netValue: 28_450, cut: 20_100 } },
        { what: 'cost_to_serve', effect: 'lowers', evidence: { costToServe: 1250 } },
      ],
    },
  ],
}

/** A customer of whom only the name is known. */
export const bareView: CustomerView = {
  contact: { id: 'c-9', fullName: '王美玲' },
  consents: [],
  orders: { count: 0, totals: [], items: [] },
  tickets: { openCount: 0, items: [] },
  timeline: { items: [] },
  scores: [],
}
