import { CrmError } from '../kernel/crm-error.js'
import { cutBackup } from './backup-format.js'

/** Longest line in UTF-16 units. A row is far smaller; a file without line ends must not fill the memory. */
const longestLine = 64 * 1024 * 1024

/**
 * The lines of a text that comes in pieces, cut anywhere, as text or as UTF-8. Every line ends with a line feed. Throws
 * `validation_failed` when the last one does not, when a line is longer than 64 Mi characters, or when bytes are no UTF-8.
 */
export async function* textLines(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const begun: string[] = []
  let length = 0
  for await (const piece of pieces) {
    const text = typeof piece === 'string' ? piece : decoded(decoder, piece)
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      begun.push(text.slice(start, end))
      yield begun.join('')
      begun.length = 0
      length = 0
      start = end + 1
    }
    begun.push(text.slice(start))
    length += text.length - start
    if (length > longestLine) throw notText()
  }
  if (length > 0) throw cutBackup()
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true })
  } catch {
    throw notText()
  }
}

function notText(): CrmError {
  return new CrmError('validation_failed', 'This is no backup: it is no text of lines', {
    reason: 'backup_format',
    remedy: 'pass what backup() gave, uncompressed and from its first byte',
  })
}
