import type { CustomerRecord } from '@rapport/widgets'

const firstNames = ['Ada', 'Björn', 'Chloé', 'Dmitri', 'Elif', 'Femi', 'Grace', 'Hana', 'Ines', 'Jonas', '美玲', '建国']
const lastNames = [
  'King',
  'Ångström',
  'Dubois',
  'Volkov',
  'Yılmaz',
  'Adeyemi',
  'Hopper',
  'Novák',
  'Costa',
  'Weber',
  '王',
  '李',
]
const stages = ['customer', 'customer', 'lead', 'subscriber', 'evangelist', 'opportunity']
const segments = ['champions', 'loyal', 'potential_loyalist', 'new', 'need_attention', 'at_risk', 'lost']

/** Invented customers, the same every time. Every ninth lacks scores and orders. */
export function sampleCustomers(count: number): CustomerRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const first = firstNames[(index * 7) % firstNames.length]!
    const last = lastNames[(index * 5 + Math.floor(index / 12)) % lastNames.length]!
    const fresh = index % 9 === 8
    const id = `c-${String(index).padStart(5, '0')}`
    const base = { id, fullName: `${first} ${last}`, primaryEmail: `customer${index}@example.com` }
    if (fresh) return { ...base, lifecycleStage: 'lead' }
    return {
      ...base,
      lifecycleStage: stages[index % stages.length]!,
      lastOrderAt: new Date(Date.UTC(2026, 8, 30) - ((index * 37) % 400) * 86_400_000).toISOString(),
      orderCount: 1 + ((index * 13) % 29),
      scores: {
        clv: {
          amountMinor: ((index * 7919) % 50_000) + 900,
          currency: 'USD',
          probabilityAlive: ((index * 31) % 100) / 100,
        },
        rfm: { segment: segments[index % segments.length]! },
      },
    }
  })
}
