import type {
  ImportOptions,
  ImportPreview,
  ImportRowError,
  ImportSuggestion,
  Page,
  Run,
  SuggestOptions,
  UndoConflict,
} from '@rapport/core'
import { type ClientPageQuery, pathPart } from './record-client.js'
import type { ClientCallOptions, ClientWriteOptions, Transport } from './transport.js'

type FromAfar<Options> = Omit<Options, 'file' | 'signal'> & {
  /** A file that a person chose, or text. It is sent with every call: the server keeps none. */
  readonly file: Blob | string
}

/** A file to look at. */
export type ClientSource = FromAfar<SuggestOptions>

/** What to import, and how. */
export type ClientImportOptions = FromAfar<ImportOptions>

/** Imports of files. How far one is tells its run. */
export interface ImportClient {
  suggest(source: ClientSource, options?: ClientCallOptions): Promise<ImportSuggestion>
  preview(input: ClientImportOptions & { readonly limit?: number }, options?: ClientCallOptions): Promise<ImportPreview>
  /** Never repeated by itself: after a failure without an answer look at the runs. */
  start(input: ClientImportOptions, options?: ClientCallOptions): Promise<Run>
  errors(runId: string, query?: ClientPageQuery, options?: ClientCallOptions): Promise<Page<ImportRowError>>
  undo(runId: string, options?: ClientWriteOptions): Promise<Run>
  conflicts(runId: string, query?: ClientPageQuery, options?: ClientCallOptions): Promise<Page<UndoConflict>>
}

/** Imports through a transport. */
export function importClient(call: Transport): ImportClient {
  return {
    suggest: (source, rest) =>
      call({ method: 'post', path: 'imports/suggest', form: uploadOf(source), reads: true, ...rest }),
    preview: (input, rest) =>
      call({ method: 'post', path: 'imports/preview', form: uploadOf(input), reads: true, ...rest }),
    start: (input, rest) => call({ method: 'post', path: 'imports', form: uploadOf(input), once: true, ...rest }),
    errors: (runId, query, rest) =>
      call({ method: 'get', path: `imports/${pathPart(runId)}/errors`, parameters: { ...query }, ...rest }),
    undo: (runId, rest) => call({ method: 'post', path: `imports/${pathPart(runId)}/undo`, ...rest }),
    conflicts: (runId, query, rest) =>
      call({ method: 'get', path: `imports/${pathPart(runId)}/conflicts`, parameters: { ...query }, ...rest }),
  }
}

/** The server reads a form as it comes, so what is said about the file goes before it. */
function uploadOf({ file, ...options }: { readonly file: Blob | string }): FormData {
  const form = new FormData()
  form.append('options', JSON.stringify(options))
  form.append('file', typeof file === 'string' ? new Blob([file]) : file)
  return form
}
