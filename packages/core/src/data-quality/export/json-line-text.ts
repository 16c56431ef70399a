import type { SessionContext } from '../../entity/session-context.js'
import type { Path } from '../../storage/row.js'
import { type ExportColumn, valueAtPath } from './export-columns.js'
import type { ExportOptions } from './export-options.js'
import { planExport } from './export-records.js'

type Nested = Record<string, unknown>

/** An export as lines of JSON. */
export async function* jsonLineText(
  context: SessionContext,
  options: ExportOptions,
): AsyncGenerator<string, void, undefined> {
  const plan = await planExport(context, options)
  for await (const { record, related } of plan.records()) {
    const line = chosen(record, plan.columns)
    for (const { name, columns } of plan.relations)
      line[name] = (related.get(name) ?? []).map((one) => chosen(one, columns))
    yield `${JSON.stringify(line)}\n`
  }
}

function chosen(record: unknown, columns: readonly ExportColumn[]): Nested {
  const values: Nested = {}
  for (const { path } of columns) {
    const value = valueAtPath(record, path)
    if (value !== undefined) place(values, path, value)
  }
  return values
}

function place(values: Nested, path: Path, value: unknown): void {
  const dot = path.indexOf('.')
  if (dot < 0) {
    values[path] = value
    return
  }
  const name = path.slice(0, dot)
  const inner = (values[name] ?? {}) as Nested
  values[name] = inner
  place(inner, path.slice(dot + 1), value)
}
