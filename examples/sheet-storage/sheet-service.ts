// A remote list as many services offer it, in this process: tabs of rows, cells of text. It can filter by equality and nothing
// else; it has no order, no sums, no unique columns. A change of several rows is one request that goes through whole, or not at all
// when the sheet was changed since `ifRevision`.

/** One row: text by column. A row without a column has no cell there. */
export type SheetRow = Readonly<Record<string, string>>

export interface ListRequest {
  readonly sheet: string
  readonly tab: string
  readonly equals?: { readonly column: string; readonly text: string }
  readonly pageToken?: string
}

export interface ListAnswer {
  readonly rows: readonly SheetRow[]
  /** Missing on the last page. */
  readonly nextPageToken?: string
  readonly revision: number
}

/** Puts a row in the place of the one with its key, or removes the one with this key. */
export type SheetChange = { readonly tab: string; readonly key: string; readonly row?: SheetRow }

export interface SheetService {
  sheets(): Promise<readonly string[]>
  list(request: ListRequest): Promise<ListAnswer>
  update(sheet: string, changes: readonly SheetChange[], ifRevision: number): Promise<void>
}

/** The sheet was changed since the revision that was read. */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch'
}

const rowsPerPage = 2_000

interface Sheet {
  revision: number
  readonly tabs: Map<string, Map<string, SheetRow>>
}

/** The service itself. `requests` counts what has come over the wire. */
export function fakeSheetService(): SheetService & { readonly requests: () => number } {
  const sheets = new Map<string, Sheet>()
  let requests = 0
  const overTheWire = async <T>(answer: () => T): Promise<T> => {
    requests++
    await new Promise((resolve) => setImmediate(resolve))
    return structuredClone(answer())
  }
  const sheetOf = (name: string): Sheet => {
    const sheet = sheets.get(name) ?? { revision: 0, tabs: new Map() }
    sheets.set(name, sheet)
    return sheet
  }
  return {
    requests: () => requests,
    sheets: () =>
      overTheWire(() =>
        [...sheets].flatMap(([name, { tabs }]) => ([...tabs.values()].some((tab) => tab.size > 0) ? [name] : [])),
      ),
    list: ({ sheet, tab, equals, pageToken = '0' }) =>
      overTheWire(() => {
        const { tabs, revision } = sheetOf(sheet)
        const matching = [...(tabs.get(tab)?.values() ?? [])].filter(
          (row) => !equals || row[equals.column] === equals.text,
        )
        const end = Number(pageToken) + rowsPerPage
        const rows = matching.slice(Number(pageToken), end)
        return { rows, revision, ...(end < matching.length && { nextPageToken: String(end) }) }
      }),
    update: (name, changes, ifRevision) =>
      overTheWire(() => {
        const sheet = sheetOf(name)
        if (sheet.revision !== ifRevision) throw new RevisionMismatch('412')
        for (const { tab, key, row } of changes) {
          const rows = sheet.tabs.get(tab) ?? new Map<string, SheetRow>()
          sheet.tabs.set(tab, rows)
          if (row) rows.set(key, row)
          else rows.delete(key)
        }
        sheet.revision++
      }),
  }
}
