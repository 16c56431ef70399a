import type { JSX } from 'preact'
import type { Localiser } from '../localisation/localiser.js'
import type { TicketField } from './ticket-field.js'

/** A field with its label, hint and problem, tied together by ids of one root. */
export function TicketControl(props: {
  readonly field: TicketField
  readonly value: string
  readonly problem: string | undefined
  readonly localiser: Localiser
  readonly onAnswer: (value: string) => void
}): JSX.Element {
  const { field, value, problem, localiser, onAnswer } = props
  const { name, hint } = field
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  const shared = {
    id: name,
    name,
    part: 'input',
    value,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? ('true' as const) : undefined,
    'aria-required': field.required ? ('true' as const) : undefined,
  }
  return (
    <div class={problem ? 'field invalid' : 'field'} part="field">
      <label for={name} part="label">
        {localiser.text(field.label)}
        {!field.required && <span class="muted optional"> ({localiser.text('optional')})</span>}
      </label>
      {hint && (
        <p class="muted small" id={`${name}-hint`} part="hint">
          {localiser.text(hint)}
        </p>
      )}
      {field.options ? (
        <div class="select">
          <select {...shared} onChange={(event) => onAnswer(event.currentTarget.value)}>
            <option value="">{localiser.text('form.typeAny')}</option>
            {field.options.map((option) => (
              <option key={option} value={option}>
                {localiser.label(name, option)}
              </option>
            ))}
          </select>
        </div>
      ) : name === 'message' ? (
        <textarea {...shared} rows={6} onInput={(event) => onAnswer(event.currentTarget.value)} />
      ) : (
        <input {...shared} type="text" autocomplete="off" onInput={(event) => onAnswer(event.currentTarget.value)} />
      )}
      {problem && (
        <p class="problem small" id={`${name}-problem`} part="error">
          {problem}
        </p>
      )}
    </div>
  )
}
