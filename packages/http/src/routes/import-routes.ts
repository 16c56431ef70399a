import type { HttpImports } from '../crm-port.js'
import { invalidInput } from '../http-refusal.js'
import { importOptions, previewOptions, sourceOptions } from '../import-options.js'
import { pageOptionsOfUrl } from '../list-parameters.js'
import type { Route, RouteCall, RouteResult } from '../route.js'
import type { Upload } from '../upload-body.js'
import { sealedPage, withOpenCursor } from './record-routes.js'

const mostOnPage = 1_000

/** Imports of files: look, try, start, what went wrong, and taking it back. How far one is tells its run. */
export const importRoutes: readonly Route[] = [
  upload('imports/suggest', sourceOptions, async (imports, options) => ({
    kind: 'computed',
    body: await imports.suggest(options),
  })),
  upload('imports/preview', previewOptions, async (imports, options) => ({
    kind: 'computed',
    body: await imports.preview(options),
  })),
  upload('imports', importOptions, async (imports, options) => {
    const run = await imports.start(options)
    return { kind: 'accepted', body: run, at: `runs/${run.id}` }
  }),
  itemsOfRun('errors', (imports, runId) => imports.errors(runId)),
  itemsOfRun('conflicts', (imports, runId) => imports.conflicts(runId)),
  {
    method: 'POST',
    path: 'imports/:id/undo',
    body: 'none',
    throttle: 'write',
    async handle({ session, id }) {
      const run = await session.imports.undo(id)
      return { kind: 'accepted', body: run, at: `runs/${run.id}` }
    },
  },
]

function upload(
  path: string,
  check: (options: unknown) => Readonly<Record<string, unknown>>,
  act: (imports: HttpImports, options: never) => Promise<RouteResult>,
): Route {
  return {
    method: 'POST',
    path,
    body: 'upload',
    throttle: 'upload',
    handle({ session, body, request }) {
      const { options, file } = body as Upload
      return act(session.imports, { ...check(options), file, signal: request.signal } as never)
    },
  }
}

/** A list that belongs to an import. It never changes once the import has ended, so a cursor is the number of items before it. */
function itemsOfRun(name: string, itemsOf: (imports: HttpImports, runId: string) => AsyncIterable<unknown>): Route {
  return {
    method: 'GET',
    path: `imports/:id/${name}`,
    body: 'none',
    throttle: 'read',
    async handle(call) {
      const list = `imports/${call.id}/${name}`
      const { cursor = '0', limit = 50 } = await withOpenCursor(call, list, pageOptionsOfUrl(call.parameters))
      if (limit > mostOnPage) throw invalidInput('limit', `must be at most ${mostOnPage}`)
      return { kind: 'read', body: await sealedPage(call, list, await pageAt(call, itemsOf, Number(cursor), limit)) }
    },
  }
}

async function pageAt(
  { session, id }: RouteCall,
  itemsOf: (imports: HttpImports, runId: string) => AsyncIterable<unknown>,
  from: number,
  limit: number,
): Promise<{ readonly items: readonly unknown[]; readonly cursor?: string }> {
  const items: unknown[] = []
  let seen = 0
  for await (const item of itemsOf(session.imports, id)) {
    if (items.length === limit) return { items, cursor: String(from + limit) }
    if (seen++ >= from) items.push(item)
  }
  return { items }
}
