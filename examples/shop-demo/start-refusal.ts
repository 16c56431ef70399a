/** Why the demo cannot start or go on, in one sentence for the person at the terminal. Anything else that is thrown is a defect. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal'
}
