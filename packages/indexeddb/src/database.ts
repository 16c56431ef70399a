import { unknownEntity } from '@rapport/core/storage'
import type { Connection } from './connection.js'
import type { StoreName } from './layout.js'
import { type Catalogue, type DatabaseState, readCatalogue, readState } from './schema/catalogue.js'
import { compileSchema, type EntityIndexes, type StoredSchema } from './stored-schema.js'

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

/** What is read of one entity in a transaction. */
export interface EntityRead<T> extends Pick<DatabaseWork<T>, 'signal'> {
  readonly entity: string
  readonly stores: readonly StoreName[]
  readonly run: (transaction: IDBTransaction, indexes: EntityIndexes) => Promise<T>
}

const unknownSchema: StoredSchema = { revision: -1, entities: new Map() }

/**
 * The database with the schema last seen in it. A writer checks that it is still the same, because another tab may have added an index
 * that its rows belong into, and starts again with the new one when it is not. A reader need not: an index that was filled once is kept
 * up as long as tabs of this release are open (see `differenceOf`).
 */
export class Database {
  readonly connection: Connection
  #schema = unknownSchema
  #generation = 0

  constructor(connection: Connection) {
    this.connection = connection
  }

  /** Reads rows of an entity. Throws `validation_failed` when the database does not know it. */
  async read<T>({ entity, stores, run, signal }: EntityRead<T>): Promise<T> {
    // An index that was being filled may be ready by now.
    if (!this.#known().entities.get(entity)?.isFilled) await this.refresh(signal)
    const indexes = this.#schema.entities.get(entity)
    if (!indexes) throw unknownEntity(entity)
    return this.connection.run(stores, 'readonly', (transaction) => run(transaction, indexes), signal)
  }

  /** Reads and writes after the schema has been checked. */
  async write<T>({ stores, run, signal }: DatabaseWork<T>): Promise<T> {
    for (;;) {
      const schema = this.#known()
      try {
        return await this.connection.run(
          stores(schema),
          'readwrite',
          async (transaction) => run(transaction, schema, await requireCurrent(transaction, schema)),
          signal,
        )
      } catch (error) {
        if (!(error instanceof StaleSchema)) throw error
        this.#schema = error.schema
      }
    }
  }

  /** The catalogue as it is stored. */
  async catalogue(signal: AbortSignal | undefined): Promise<Catalogue> {
    return this.connection.run(['meta'], 'readonly', readCatalogue, signal)
  }

  /** Learns what other tabs, or this one, have made ready. */
  async refresh(signal: AbortSignal | undefined): Promise<void> {
    this.#known()
    this.#schema = await this.connection.run(
      ['meta'],
      'readonly',
      async (transaction) => compileSchema(await readCatalogue(transaction), (await readState(transaction)).revision),
      signal,
    )
  }

  /** The schema last seen, unless the database was opened anew since: then it may be another one of that name. */
  #known(): StoredSchema {
    const { generation } = this.connection
    if (generation !== this.#generation) this.#schema = unknownSchema
    this.#generation = generation
    return this.#schema
  }
}

async function requireCurrent(transaction: IDBTransaction, schema: StoredSchema): Promise<DatabaseState> {
  const state = await readState(transaction)
  if (state.revision === schema.revision) return state
  throw new StaleSchema(compileSchema(await readCatalogue(transaction), state.revision))
}
