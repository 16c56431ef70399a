import { describe, expect, test } from 'vitest'
import type { CrmSession } from '../../crm-session.js'
import { isCrmError } from '../../kernel/crm-error.js'
import { createTestCrm } from '../../testing.js'
import type { ImportOptions } from './import-options.js'

const staff = { type: 'user', id: 'u_7' } as const

async function opened() {
  const crm = await createTestCrm()
  return crm.session({ tenantId: 'acme', actor: staff })
}

const contacts = { object: 'contact', mapping: { Name: 'lastName', Mail: 'email' }, matchOn: 'email' } as const

async function outcome(shop: CrmSession, options: ImportOptions) {
  const run = await shop.runs.wait((await shop.imports.start(options)).id)
  const errors = []
  for await (const error of shop.imports.errors(run.id)) errors.push(error)
  return { run, errors }
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isCrmError(error)) throw error
  return error
}

describe('bad input of an import', () => {
  test('errors come in the order of the file, whole rows and single cells alike', async () => {
    const shop = await opened()
    const file = 'Name,Mail\nA,no address\nB,b@example.com,too,many\nC,nor here\nD\u0000,d@example.com\n'
    const { errors } = await outcome(shop, { file, ...contacts })
    expect(errors.map(({ row }) => row)).toEqual([2, 3, 4, 5])
  })

  test('a 2 GB line: refused while it is read, and nothing is imported', async () => {
    const shop = await opened()
    let given = 0
    const file = (async function* () {
      yield new TextEncoder().encode('Name,Mail\nKing,ada@example.com\n')
      const piece = new Uint8Array(1024 * 1024).fill(0x78)
      while (given < 2 * 1024 ** 3) {
        given += piece.length
        yield piece
      }
    })()
    const error = await refusal(shop.imports.start({ file, ...contacts }))
    expect(error).toMatchObject({ code: 'validation_failed', details: { field: 'file.3', reason: 'unreadable_file' } })
    expect(given).toBeLessThan(8 * 1024 * 1024)
    expect(await shop.contacts.count()).toBe(0)
  })

  test('a lying header: rows with more cells than it are refused by themselves; cells that are not what it says too', async () => {
    const shop = await opened()
    const file = 'Name,Mail\nKing,ada@example.com\nHopper,grace@example.com,+1 555 0100\nMail,is swapped\nShort\n'
    const { run, errors } = await outcome(shop, { file, ...contacts })
    expect(run.counts).toMatchObject({ created: 1, failed: 3 })
    expect(errors).toEqual([
      expect.objectContaining({ row: 3, message: expect.stringContaining('3 cells where the header has 2') }),
      expect.objectContaining({ row: 4, column: 'Mail', message: 'must be an e-mail address such as ada@example.com' }),
      expect.objectContaining({ row: 5, column: 'Mail', message: expect.stringContaining('no value to match on') }),
    ])
    const suggestion = await shop.imports.suggest({ file: 'Email,Phone\n+44 20 7946 0018,a@b.co\n', object: 'contact' })
    expect(suggestion.columns[0]?.fields.find(({ field }) => field === 'emails')?.why).toContain('against')
    expect(suggestion.mapping).not.toHaveProperty('Email', 'emails')
  })

  test('mixed encodings: the rows that are not in the encoding of the file are refused, and named', async () => {
    const shop = await opened()
    const good = new TextEncoder().encode('Name,Mail\nMüller,a@example.com\n')
    // "Müller" in Windows-1252.
    const strange = Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72])
    const rest = new TextEncoder().encode(',b@example.com\n王伟,c@example.com\n')
    const { run, errors } = await outcome(shop, {
      file: new Blob([good, strange, rest]),
      encoding: 'utf-8',
      ...contacts,
    })
    expect(run.counts).toMatchObject({ created: 2, failed: 1 })
    expect(errors).toEqual([
      expect.objectContaining({ row: 3, message: expect.stringContaining('bytes that are not utf-8') }),
    ])
  })

  test('mixed encodings: a file that is mostly UTF-8 is read so, whatever a few of its lines are', async () => {
    const shop = await opened()
    const utf8 = new TextEncoder()
    const pieces = [
      utf8.encode('Name,Mail\nMüller,a@example.com\n王伟,b@example.com\n'),
      // "Jürgen" in Windows-1252, then "王芳" in GB18030.
      Uint8Array.from([0x4a, 0xfc, 0x72, 0x67, 0x65, 0x6e]),
      utf8.encode(',c@example.com\n'),
      Uint8Array.from([0xcd, 0xf5, 0xb7, 0xbc]),
      utf8.encode(',d@example.com\n"José\nGarcía",e@example.com\nZoë,f@example.com\n'),
    ]
    const { encoding } = await shop.imports.suggest({ file: new Blob(pieces), object: 'contact' })
    expect(encoding).toEqual({ encoding: 'utf-8', certain: false })
    const { run, errors } = await outcome(shop, { file: new Blob(pieces), ...contacts })
    expect(run.counts).toMatchObject({ created: 4, failed: 2 })
    expect(errors.map(({ row }) => row)).toEqual([4, 5])
    expect(await shop.contacts.findByEmail('e@example.com')).toMatchObject({ lastName: 'José\nGarcía' })
  })

  test('a lying byte order mark: rows that are not what it says are refused, and the others go in', async () => {
    const shop = await opened()
    const utf8 = new TextEncoder()
    const strange = Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72])
    const file = new Blob([
      Uint8Array.from([0xef, 0xbb, 0xbf]),
      utf8.encode('Name,Mail\n'),
      strange,
      utf8.encode(',a@example.com\nKing,b@example.com\n'),
    ])
    const { run, errors } = await outcome(shop, { file, ...contacts })
    expect(run.counts).toMatchObject({ created: 1, failed: 1 })
    expect(errors).toEqual([expect.objectContaining({ row: 2 })])
    // It says UTF-16 and is not: no column has the name it should have.
    const wide = new Blob([Uint8Array.from([0xff, 0xfe]), utf8.encode('Name,Mail\nKing,a@example.com\n')])
    expect((await refusal(shop.imports.start({ file: wide, ...contacts }))).code).toBe('validation_failed')
    expect(await shop.contacts.count()).toBe(1)
  })

  test('duplicate columns: the second one has a name of its own, and one field takes one column', async () => {
    const shop = await opened()
    const file = 'Name,Mail,Name,\nKing,ada@example.com,Lovelace,x\n'
    expect((await shop.imports.suggest({ file, object: 'contact' })).columns.map(({ column }) => column)).toEqual([
      'Name',
      'Mail',
      'Name (2)',
      'Column 4',
    ])
    const mapping = { Name: 'lastName', 'Name (2)': 'lastName', Mail: 'email' }
    const error = await refusal(shop.imports.start({ file, ...contacts, mapping }))
    expect(error.details.issues).toEqual([
      { path: 'mapping.Name (2)', message: 'goes to lastName, which another column goes to already' },
    ])
    await outcome(shop, { file, ...contacts, mapping: { 'Name (2)': 'lastName', Mail: 'email' } })
    expect(await shop.contacts.findByEmail('ada@example.com')).toMatchObject({ lastName: 'Lovelace' })
  })

  test('an empty file, one that ends inside a quote, a workbook that is none, and one of Excel 97', async () => {
    const shop = await opened()
    const start = (file: ImportOptions['file'], more = {}) =>
      refusal(shop.imports.start({ file, ...contacts, ...more }))
    expect((await start('')).details.reason).toBe('empty_file')
    expect((await start(new Uint8Array([0xef, 0xbb, 0xbf, 0x0a]))).details.reason).toBe('empty_file')
    expect((await start('Name,Mail\n"King,ada@example.com\n')).details).toMatchObject({ field: 'file.2' })
    expect((await start('PK\u0003\u0004 and no more')).details.reason).toBe('unreadable_file')
    expect((await start(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0]))).code).toBe('unsupported')
    expect(await shop.contacts.count()).toBe(0)
    const { run } = await outcome(shop, { file: 'Name,Mail\n', ...contacts })
    expect(run).toMatchObject({ status: 'done', progress: { done: 0, total: 0 } })
  })

  test('what cannot be stored is refused with its row and column, and the batch goes on', async () => {
    const shop = await opened()
    const { run, errors } = await outcome(shop, {
      file: 'Name,Mail\nKi\u0000ng,a@example.com\nHopper,b@example.com\n',
      encoding: 'utf-8',
      ...contacts,
    })
    expect(run.counts).toMatchObject({ created: 1, failed: 1 })
    expect(errors).toEqual([expect.objectContaining({ row: 2, column: 'Name', field: 'lastName' })])
  })

  test('options that contradict each other are refused before the file is read', async () => {
    const shop = await opened()
    const file = 'Name,Mail\nKing,ada@example.com\n'
    const refused = async (more: object) =>
      (await refusal(shop.imports.start({ file, ...contacts, ...more }))).details.field
    expect(await refused({ matchOn: 'shoeSize' })).toBe('matchOn')
    expect(await refused({ matchOn: 'externalRef' })).toBe('matchOn')
    expect(await refused({ matchOn: 'id' })).toBe('matchOn')
    expect(await refused({ mode: 'update', matchOn: undefined })).toBe('matchOn')
    expect(await refused({ mode: 'guess' })).toBe('mode')
    expect(await refused({ object: 'unicorn' })).toBe('object')
    expect(await refused({ mapping: { Nobody: 'lastName' } })).toBe('mapping.Nobody')
    expect(await refused({ mapping: { Name: 'fullName' } })).toBe('mapping.Name')
    expect(await refused({ mapping: {} })).toBe('mapping')
    expect(await refused({ encoding: 'ebcdic' })).toBe('encoding')
    expect(await refused({ delimiter: '::' })).toBe('delimiter')
  })
})
