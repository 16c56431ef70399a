import type { Connection } from './connection.js'
import type { StoreName } from './layout.js'
import { type Catalogue, type DatabaseState, readCatalogue, readState } from './schema/catalogue.js'
import { compileSchema, type StoredSchema } from './stored-schema.js'

/** Thrown within a transaction that found another schema than the one its work was planned with. */
class StaleSchema {
  readonly schema: StoredSchema

  constructor(schema: StoredSchema) {
    this.schema = schema
  }
}

/** What happens in a transaction, with the schema it happens under. */
export interface DatabaseWork<T> {
  readonly stores: (schema: StoredSchema) => readonly StoreName[]
  readonly run: (transaction: IDBTransaction, schema: StoredSchema, state: DatabaseState) => Promise<T>
  readonly signal?: AbortSignal | undefined
}

/** What is read in a transaction, with the schema it is read under. */
export interface DatabaseRead<T> extends Pick<DatabaseWork<T>, 'signal'> {
  readonly stores: readonly StoreName[]
  readonly run: (transaction: IDBTransaction, schema: StoredSchema) => Promise<T>
}

/**
 * The database with the schema last seen in it. Every transaction that depends on the schema checks that it is still the same, because
 * another tab may have changed it, and starts again with the new one when it is not.
 */
export class Database {
  readonly connection: Connection
  #schema: StoredSchema = { revision: -1, entities: new Map() }

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Reads while checking the schema, which costs no round trip of its own. */
  async read<T>({ stores, run, signal }: DatabaseRead<T>): Promise<T> {
    return this.#repeat((schema) =>
      this.connection.run(
        [...stores, 'meta'],
        'readonly',
        async (transaction) => {
          const result = run(transaction, schema)
          // Awaited below, unless the schema turns out to be stale: then its failure means nothing.
          result.catch(() => {})
          await this.#requireCurrent(transaction, schema)
          return result
        },
        signal,
      ),
    )
  }

  /** Reads and writes after the schema has been checked. */
  async write<T>({ stores, run, signal }: DatabaseWork<T>): Promise<T> {
    return this.#repeat((schema) =>
      this.connection.run(
        stores(schema),
        'readwrite',
        async (transaction) => run(transaction, schema, await this.#requireCurrent(transaction, schema)),
        signal,
      ),
    )
  }

  /** The catalogue as it is stored. */
  async catalogue(signal: AbortSignal | undefined): Promise<Catalogue> {
    return this.connection.run(['meta'], 'readonly', readCatalogue, signal)
  }

  async #repeat<T>(attempt: (schema: StoredSchema) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt(this.#schema)
      } catch (error) {
        if (!(error instanceof StaleSchema)) throw error
        this.#schema = error.schema
      }
    }
  }

  async #requireCurrent(transaction: IDBTransaction, schema: StoredSchema): Promise<DatabaseState> {
    const state = await readState(transaction)
    if (state.revision === schema.revision) return state
    throw new StaleSchema(compileSchema(await readCatalogue(transaction), state.revision))
  }
}
