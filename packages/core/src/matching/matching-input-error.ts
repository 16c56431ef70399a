/** Input that cannot be matched. The message names the place and the remedy and repeats no value. */
export class MatchingInputError extends TypeError {
  /** Dotted path of what is wrong, such as `records.3.id` or `fields.phone`. */
  readonly path: string

  constructor(path: string, remedy: string) {
    super(`${path}: ${remedy}`)
    this.name = 'MatchingInputError'
    this.path = path
  }
}
