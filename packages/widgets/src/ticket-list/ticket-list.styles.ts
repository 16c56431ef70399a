/** The look of `<rapport-ticket-list>`. */
export const ticketListStyles = `
.title { padding: 1.35em 1.4rem .9em }
.ticket { border-block-start: 1px solid var(--_border) }
.toggle { display: flex; flex-wrap: wrap; align-items: center; gap: .5em 1em; inline-size: 100%; padding: 1em 1.4rem; border: 0; background: none; text-align: start; line-height: 1.45 }
.toggle:hover { background: var(--_hover) }
.toggle:focus-visible { outline-offset: -3px; border-radius: 10px }
.toggle .words { flex: 1 1 10em; display: grid; min-inline-size: 0; overflow-wrap: anywhere }
.toggle .subject { font-weight: 600 }
.toggle .meta { font-weight: 400 }
.toggle > .icon { color: var(--_muted) }
.open .toggle > .icon { rotate: 180deg }
.conversation { display: grid; gap: 1.25em; padding: .35em 1.4rem 1.5em }
.messages { display: grid; gap: 1.1em }
.message { justify-self: start; max-inline-size: min(90%, 38em) }
.message.own { justify-self: end }
.message .byline { margin-block-end: .3em; padding-inline: .25em }
.message.own .byline { text-align: end }
.strong { font-weight: 600 }
.bubble { padding: .65em 1em; border-radius: var(--_radius); border-end-start-radius: 3px; background: var(--_calm-soft); white-space: pre-wrap; overflow-wrap: anywhere }
.own .bubble { border-end-start-radius: var(--_radius); border-end-end-radius: 3px; background: var(--_accent-soft) }
.reply { display: grid; gap: .8em }
.sent { color: var(--_good); font-weight: 550 }
.more { display: grid; justify-items: center; padding: 1em; border-block-start: 1px solid var(--_border) }
section > .banner { align-items: center; margin: 1em 1.4rem }
section > .banner .button { margin-inline-start: auto; white-space: nowrap }
.skeleton .line { display: grid; gap: .7em; padding: 1.2em 1.4rem; border-block-start: 1px solid var(--_border) }
@media (prefers-reduced-motion: no-preference) { .toggle > .icon { transition: rotate .16s } }
@media (forced-colors: active) { .bubble { border: 1px solid CanvasText } }
`
