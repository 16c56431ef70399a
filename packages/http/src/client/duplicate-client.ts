import type {
  Duplicate,
  FindDuplicates,
  MergeCommand,
  MergePreview,
  MergeResult,
  Page,
  Run,
  ScanOptions,
  UnmergeResult,
} from '@rapport/core'
import { createCall, pathPart } from './record-client.js'
import type { ClientCallOptions, ClientWriteOptions, Transport } from './transport.js'

/** Records that may be the same. */
export interface DuplicateClient {
  scan(input: ScanOptions, options?: ClientWriteOptions): Promise<Run>
  find(query?: FindDuplicates, options?: ClientCallOptions): Promise<Page<Duplicate>>
  dismiss(id: string, options?: ClientWriteOptions): Promise<Duplicate>
}

/** Merging of one kind of record. */
export interface MergeClient {
  merge(command: MergeCommand & { readonly dryRun: true }, options?: ClientWriteOptions): Promise<MergePreview>
  merge(command: MergeCommand, options?: ClientWriteOptions): Promise<MergeResult>
  unmerge(
    mergeId: string,
    command?: { readonly dryRun?: boolean },
    options?: ClientWriteOptions,
  ): Promise<UnmergeResult>
  /** The id of the record that an id leads to, through any number of merges. */
  resolveId(id: string, options?: ClientCallOptions): Promise<string>
}

/** Duplicates through a transport. */
export function duplicateClient(call: Transport): DuplicateClient {
  return {
    scan: createCall(call, 'duplicates/scan'),
    find: (query, rest) => call({ method: 'get', path: 'duplicates', parameters: { ...query }, ...rest }),
    dismiss: (id, rest) => call({ method: 'post', path: `duplicates/${pathPart(id)}/dismiss`, ...rest }),
  }
}

/** Merging of the records of one collection. */
export function mergeClient(call: Transport, name: 'contacts' | 'companies'): MergeClient {
  return {
    merge: <Result extends MergePreview>({ survivorId, ...body }: MergeCommand, rest?: ClientWriteOptions) =>
      call<Result>({ method: 'post', path: `${name}/${pathPart(survivorId)}/merge`, body, ...rest }),
    unmerge: (mergeId, body = {}, rest) =>
      call({ method: 'post', path: `merges/${pathPart(mergeId)}/unmerge`, body, ...rest }),
    async resolveId(id, rest) {
      return (await call<{ readonly id: string }>({ method: 'get', path: `${name}/${pathPart(id)}/resolve`, ...rest }))
        .id
    },
  }
}
