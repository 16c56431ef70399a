/** Where progress is shown: `process.stdout`, or a list of lines in a test. */
export interface ProgressTerminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** A piece of work that is being shown. */
export interface ProgressStep {
  /** Moves the bar. */
  update(done: number): void
  /** Leaves one finished line behind. */
  finish(note?: string): void
}

/** Shows the steps of a longer piece of work, one after the other. */
export interface TerminalProgress {
  /** Begins a step; `total` is what `update` counts up to. */
  step(label: string, total: number): ProgressStep
}

const labelWidth = 26
const barWidth = 28
/** Share of the work between two lines where no bar can be drawn. */
const linePerShare = 0.25

/** Progress as a bar that is drawn over itself, or as plain lines where the output is a file or a pipe. */
export function terminalProgress(terminal: ProgressTerminal): TerminalProgress {
  return { step: (label, total) => (terminal.isTTY ? barStep : lineStep)(terminal, label.padEnd(labelWidth), total) }
}

function barStep(terminal: ProgressTerminal, label: string, total: number): ProgressStep {
  const draw = (done: number, note: string): void => {
    const filled = total === 0 ? barWidth : Math.round((Math.min(done, total) / total) * barWidth)
    terminal.write(`\r\u001b[K${label} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${note}`)
  }
  const count = (done: number): string => `${format(done)} / ${format(total)}`
  draw(0, count(0))
  return {
    update: (done) => draw(done, count(done)),
    finish(note = format(total)) {
      draw(total, note)
      terminal.write('\n')
    },
  }
}

function lineStep(terminal: ProgressTerminal, label: string, total: number): ProgressStep {
  let nextShare = linePerShare
  return {
    update(done) {
      if (total === 0 || done >= total || done / total < nextShare) return
      terminal.write(`${label} ${format(done)} / ${format(total)}\n`)
      while (done / total >= nextShare) nextShare += linePerShare
    },
    finish: (note = format(total)) => void terminal.write(`${label} ${note}\n`),
  }
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}
