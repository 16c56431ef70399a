import type { ComponentChildren, JSX } from 'preact'

/** A section of the card: a heading, perhaps a fact beside it, and its content or a line that says there is none. */
export function CardSection(props: {
  readonly name: string
  readonly title: string
  readonly aside?: ComponentChildren
  /** Shown instead of the content. */
  readonly emptyText?: string | false
  readonly children?: ComponentChildren
}): JSX.Element {
  return (
    <section class={`section ${props.name}`} part="section" aria-labelledby={`${props.name}-title`}>
      <div class="section-head">
        <h3 id={`${props.name}-title`} part="heading">
          {props.title}
        </h3>
        {props.aside}
      </div>
      {props.emptyText ? <p class="muted">{props.emptyText}</p> : props.children}
    </section>
  )
}
