import type { ImportSuggestion } from '@rapport/core'

const formats: Readonly<Record<ImportSuggestion['format'], string>> = {
  csv: 'CSV',
  xlsx: 'a workbook',
  jsonLines: 'JSON lines',
}

const delimiters: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
}

/** How a file is written, such as `CSV in UTF-8, semicolons between 12 columns`. */
export function fileWords({ format, encoding, delimiter, columns }: ImportSuggestion): string {
  const sure = encoding?.certain === false ? ' most likely' : ''
  const written = encoding === undefined ? '' : `${sure} in ${encoding.encoding.toUpperCase()}`
  const between = delimiter === undefined ? '' : `${delimiters[delimiter] ?? delimiter} between `
  return `${formats[format]}${written}, ${between}${columns.length} columns`
}
