import { CrmError, isCrmError, throwIfAborted } from '../kernel/crm-error.js'

/** The row to insert is there already. */
export function idExists(entity: string, id: string, writeIndex: number): CrmError {
  return new CrmError('conflict', `${entity} ${id} exists already`, { entity, id, writeIndex, reason: 'exists' })
}

/** The row to change is not there. */
export function rowMissing(entity: string, id: string, writeIndex: number): CrmError {
  return new CrmError('not_found', `There is no ${entity} ${id}`, { entity, id, writeIndex })
}

/** The row has another version than the writer expected. */
export function versionConflict(entity: string, id: string, writeIndex: number, actualVersion?: number): CrmError {
  return new CrmError('conflict', `${entity} ${id} was changed by somebody else`, {
    entity,
    id,
    writeIndex,
    reason: 'version',
    remedy: 'read the record again and repeat the change',
    ...(actualVersion !== undefined && { actualVersion }),
  })
}

/** A `check` of a batch does not hold. */
export function checkFailed(entity: string, id: string, writeIndex: number): CrmError {
  return new CrmError('conflict', `${entity} ${id} is not as the batch requires`, {
    entity,
    id,
    writeIndex,
    reason: 'check',
  })
}

/** Another row of the tenant holds the same unique values. */
export function uniqueConflict(entity: string, index: string, writeIndex?: number, id?: string): CrmError {
  return new CrmError('conflict', `Another ${entity} has the same value in the unique index ${index}`, {
    entity,
    index,
    reason: 'unique',
    ...(writeIndex !== undefined && { writeIndex }),
    ...(id !== undefined && { id }),
  })
}

/** The entity was not part of the last `plan`. */
export function unknownEntity(entity: string): CrmError {
  return new CrmError('validation_failed', 'The entity is not declared', { entity, remedy: 'declare it in the plan' })
}

/** The adapter is closed, or was never opened. */
export function storageClosed(): CrmError {
  return new CrmError('storage_failed', 'The storage is not open', { reason: 'closed', retriable: false })
}

/**
 * Runs a call into an adapter. A {@link CrmError} comes through, an abort becomes `aborted`, and anything else becomes
 * `storage_failed` with the original as its cause.
 */
export async function mapStorageError<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (isCrmError(error)) throw error
    throwIfAborted(signal)
    throw new CrmError('storage_failed', 'The storage failed', { retriable: false }, { cause: error })
  }
}
