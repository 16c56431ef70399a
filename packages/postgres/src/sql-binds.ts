import type { FieldType } from '@rapport/core/storage'
import type { SqlValue } from './driver.js'

/** The type a scalar parameter of a field is sent as. */
export const parameterTypes: Readonly<Record<FieldType, string>> = {
  text: 'text',
  int: 'bigint',
  float: 'double precision',
  bool: 'boolean',
  instant: 'timestamptz',
  'text[]': 'text[]',
  json: 'jsonb',
}

/** Collects the parameters of a statement while its text is written, so that no value ever becomes part of the text. */
export class SqlBinds {
  readonly values: SqlValue[] = []

  /** Adds a parameter and returns its place in the text, with its type: `$3::bigint`. */
  add(value: SqlValue, type: string): string {
    this.values.push(value)
    return `$${this.values.length}::${type}`
  }
}
