import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartRefusal } from './start-refusal.js'

/** What the environment decides. */
export interface DemoSettings {
  /** 0 lets the system choose. */
  readonly port: number
  /** Address to listen on; `0.0.0.0` for containers. */
  readonly host: string
  /** Absolute path of the directory that keeps the database. */
  readonly dataDirectory: string
  /** Absolute path of the purchase log. */
  readonly purchaseLog: string
}

/**
 * Reads `PORT` (default 4000), `HOST` (127.0.0.1), `DATA_DIR` (`.data` beside the example) and `CDNOW_CSV` (the committed log);
 * relative paths start where the command was typed. Throws {@link StartRefusal} for a port that is none.
 *
 * @param exampleFolder folder of the example as a file URL that ends in a slash
 */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  exampleFolder: URL,
): DemoSettings {
  const path = (chosen: string | undefined, otherwise: string): string => {
    if (!chosen) return fileURLToPath(new URL(otherwise, exampleFolder))
    return isAbsolute(chosen) ? chosen : resolve(environment.INIT_CWD ?? process.cwd(), chosen)
  }
  return {
    port: portOf(environment.PORT || '4000'),
    host: environment.HOST || '127.0.0.1',
    dataDirectory: path(environment.DATA_DIR, '.data'),
    purchaseLog: path(environment.CDNOW_CSV, 'data/cdnow_sample.csv'),
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new StartRefusal(`PORT must be a whole number from 0 to 65535, not ${JSON.stringify(text)}.`)
}
