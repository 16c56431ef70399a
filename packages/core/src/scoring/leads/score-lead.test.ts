import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LeadScoreModel } from './lead-rules.js'
import { scoreLead } from './score-lead.js'

/** The rules a seller asked for in https://github.com/frappe/crm/issues/792. */
const model: LeadScoreModel = {
  fit: [
    { code: 'website', attribute: 'website', present: true, points: 10, otherwise: -5 },
    { code: 'target_industry', attribute: 'industry', oneOf: ['Manufacturing', 'Logistics'], points: 20 },
    {
      code: 'free_mail',
      attribute: 'emailDomain',
      oneOf: ['gmail.com', 'hotmail.com'],
      points: -5,
      otherwise: 10,
      group: 'contact',
    },
  ],
  engagement: [
    { code: 'email_opened', points: 5, group: 'email' },
    { code: 'email_clicked', points: 5, group: 'email' },
    { code: 'unsubscribed', points: -20 },
  ],
  limits: { email: { most: 12 } },
  halfLifeDays: 30,
}

describe('scoreLead', () => {
  it('adds up website +10, target industry +20, free-mail -5 and an open +5', () => {
    const score = scoreLead(model, {
      attributes: { website: 'https://shop.example', industry: 'logistics', emailDomain: 'GMAIL.com' },
      events: [{ code: 'email_opened', ageDays: 0 }],
    })
    expect(score).toEqual({
      fit: 25,
      engagement: 5,
      points: 30,
      grade: 'A3',
      reasons: [
        {
          what: 'lead_fit',
          effect: 'raises',
          evidence: { rule: 'website', points: 10, attribute: 'website', value: 'https://shop.example' },
        },
        {
          what: 'lead_fit',
          effect: 'raises',
          evidence: { rule: 'target_industry', points: 20, attribute: 'industry', value: 'logistics' },
        },
        {
          what: 'lead_fit',
          effect: 'lowers',
          evidence: { rule: 'free_mail', points: -5, attribute: 'emailDomain', value: 'GMAIL.com' },
        },
        {
          what: 'lead_engagement',
          effect: 'raises',
          evidence: { rule: 'email_opened', points: 5, events: 1, latestDays: 0 },
        },
      ],
    })
  })

  it('takes points where there is no website, and gives them for an own domain', () => {
    expect(scoreLead(model, { attributes: { website: '', emailDomain: 'shop.example' } }).fit).toBe(5)
  })

  it('halves engagement with every half-life, on reading', () => {
    const at = (ageDays: number): number =>
      scoreLead(model, { attributes: {}, events: [{ code: 'email_opened', ageDays }] }).engagement
    expect([at(0), at(30), at(60)]).toEqual([5, 2.5, 1.25])
    expect(at(15)).toBeCloseTo(5 / Math.SQRT2, 12)
    const lasting = { ...model, engagement: [{ code: 'email_opened', points: 5, halfLifeDays: 300 }] }
    expect(scoreLead(lasting, { attributes: {}, events: [{ code: 'email_opened', ageDays: 300 }] }).engagement).toBe(
      2.5,
    )
  })

  it('holds a group to its limit and says so', () => {
    const events = Array.from({ length: 50 }, () => ({ code: 'email_opened', ageDays: 0 }))
    const score = scoreLead(model, { attributes: {}, events: [...events, { code: 'unsubscribed', ageDays: 0 }] })
    expect(score.engagement).toBe(12 - 20)
    expect(score.grade).toBe('C3')
    expect(score.reasons.at(-1)).toEqual({
      what: 'lead_limit',
      effect: 'lowers',
      evidence: { group: 'email', points: 250, limit: 12 },
    })
  })

  it('counts an event once, and events to come or unknown not at all', () => {
    const events = [
      { code: 'email_clicked', ageDays: 0, id: 'one' },
      { code: 'email_clicked', ageDays: 0, id: 'one' },
      { code: 'email_clicked', ageDays: -1 },
      { code: 'badge_scanned', ageDays: 0 },
    ]
    expect(scoreLead(model, { attributes: {}, events }).engagement).toBe(5)
  })

  it('grades fit by letter and engagement by number', () => {
    const sized: LeadScoreModel = {
      fit: [{ code: 'size', attribute: 'employees', atLeast: 50, below: 500, points: 8 }],
      engagement: [{ code: 'demo', points: 8 }],
      grades: { fit: [8, 4, 0], engagement: [8, 0] },
    }
    const gradeOf = (employees: number, demos: number): string =>
      scoreLead(sized, {
        attributes: { employees },
        events: Array.from({ length: demos }, () => ({ code: 'demo', ageDays: 400 })),
      }).grade
    expect([gradeOf(50, 1), gradeOf(499, 0), gradeOf(500, 0)]).toEqual(['A1', 'A2', 'C2'])
  })

  it('refuses a model or an event that cannot be', () => {
    const lead = { attributes: {} }
    expect(() => scoreLead({ ...model, halfLifeDays: 0 }, lead)).toThrow(/half-life of email_opened/)
    expect(() => scoreLead({ ...model, limits: { email: { least: 2, most: 1 } } }, lead)).toThrow(TypeError)
    expect(() => scoreLead({ ...model, fit: [{ code: 'empty', attribute: 'a', points: 1 }] }, lead)).toThrow(
      /tests nothing/,
    )
    expect(() => scoreLead({ ...model, grades: { fit: [1, 2], engagement: [] } }, lead)).toThrow(/falling order/)
    expect(() => scoreLead(model, { ...lead, events: [{ code: 'email_opened', ageDays: Number.NaN }] })).toThrow(
      /events\.ageDays, row 0/,
    )
  })

  it('never gives more than the limits allow, whatever happened', () => {
    const event = fc.record({
      code: fc.constantFrom('email_opened', 'email_clicked', 'other'),
      ageDays: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    })
    fc.assert(
      fc.property(fc.array(event), fc.anything(), (events, website) => {
        const value = typeof website === 'string' || typeof website === 'number' ? website : null
        const score = scoreLead(model, { attributes: { website: value }, events })
        expect(score.engagement).toBeLessThanOrEqual(12)
        expect(score.engagement).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(score.points)).toBe(true)
      }),
      { seed: 4 },
    )
  })
})
