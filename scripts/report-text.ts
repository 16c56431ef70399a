/** A table of Markdown; `alignment` has a letter for each column: r for numbers, - for text. */
export function table(head: string[], rows: string[][], alignment: string): string {
  const rule = Array.from(alignment, (column) => (column === 'r' ? '--:' : '---'))
  return [`| ${head.join(' | ')} |`, `|${rule.join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

/** A fixed number of decimals, with the typographic minus sign. */
export function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−')
}

/** With thousands set apart by commas. */
export function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** US dollars and cents. */
export function dollars(value: number): string {
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

/** A ratio as a percentage with one decimal. */
export function percent(ratio: number): string {
  return `${decimal(ratio * 100, 1)} %`
}

/** The same with its sign, for a difference. */
export function signedPercent(ratio: number): string {
  return `${ratio < 0 ? '' : '+'}${percent(ratio)}`
}
