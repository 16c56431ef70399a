import type { FieldIssue } from '../element/failure.js'
import type { Localiser } from '../localisation/localiser.js'
import type { TicketAnswers, TicketField, TicketFieldName } from './ticket-field.js'

/** What is wrong with a field, in the words of the visitor or of the server. */
export interface AnswerProblem {
  readonly field: TicketFieldName
  text(localiser: Localiser): string
}

/** What the visitor has to mend before the form can be sent. */
export function problemsOf(answers: TicketAnswers, fields: readonly TicketField[]): readonly AnswerProblem[] {
  return fields.flatMap(({ name, label, required, maxLength }): AnswerProblem[] => {
    const answer = answers[name].trim()
    if (required && answer === '') {
      return [{ field: name, text: (localiser) => localiser.text('form.required', { field: localiser.text(label) }) }]
    }
    if (maxLength !== undefined && answer.length > maxLength) {
      const text = (localiser: Localiser): string =>
        localiser.text('form.tooLong', { field: localiser.text(label), max: maxLength })
      return [{ field: name, text }]
    }
    return []
  })
}

/** The issues of a refused ticket that belong to a field of the form; the others say nothing a visitor could mend. */
export function problemsOfIssues(
  issues: readonly FieldIssue[] | undefined,
  fields: readonly TicketField[],
): readonly AnswerProblem[] {
  return (issues ?? []).flatMap(({ path, message }): AnswerProblem[] => {
    const field = fields.find(({ property }) => property === path)
    return field ? [{ field: field.name, text: () => message }] : []
  })
}
