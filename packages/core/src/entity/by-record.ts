/** Values by entity and id. A batch looks up thousands: a key joined of both would be made and hashed anew for every look. */
export class ByRecord<Value> {
  readonly #entities = new Map<string, Map<string, Value>>()

  get(entity: string, id: string): Value | undefined {
    return this.#entities.get(entity)?.get(id)
  }

  has(entity: string, id: string): boolean {
    return this.#entities.get(entity)?.has(id) === true
  }

  set(entity: string, id: string, value: Value): void {
    const ids = this.#entities.get(entity)
    if (ids) ids.set(id, value)
    else this.#entities.set(entity, new Map([[id, value]]))
  }

  /** Removes a value and gives it back. */
  take(entity: string, id: string): Value | undefined {
    const ids = this.#entities.get(entity)
    const value = ids?.get(id)
    if (value !== undefined) ids?.delete(id)
    return value
  }

  /** All values, entity by entity, each in the order they came. */
  *entries(): Generator<readonly [entity: string, id: string, value: Value], void> {
    for (const [entity, ids] of this.#entities) for (const [id, value] of ids) yield [entity, id, value]
  }
}
