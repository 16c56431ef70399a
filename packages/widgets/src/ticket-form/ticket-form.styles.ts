/** The look of `<rapport-ticket-form>`. */
export const ticketFormStyles = `
.form { display: grid; gap: 1.35em; padding: 1.6em 1.75em 1.75em }
.intro { display: grid; gap: .15em }
.number { font-variant-numeric: tabular-nums }
.notice.sent .badge { background: var(--_good-soft); color: var(--_good) }
#sent:focus-visible, #summary:focus-visible, #failure:focus-visible { outline-offset: -2px }
`
