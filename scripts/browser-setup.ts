import { chromiumPath } from './chromium.mjs'

/** Global set-up of the browser tests: has the browser unpacked before the first test opens it. */
export default async function setup(): Promise<void> {
  await chromiumPath()
}
