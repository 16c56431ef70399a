/** The look of `<rapport-customer-card>`. */
export const customerCardStyles = `
:host { container-type: inline-size }
h4 { margin: 0; font-size: .9333em; font-weight: 550 }
a { color: var(--_accent); text-underline-offset: .2em; text-decoration-thickness: 1px; overflow-wrap: anywhere }
.summary { display: flex; flex-wrap: wrap; align-items: center; gap: 1em; padding: 1.5em 1.5em 1.25em }
.summary .avatar { font-size: 1.15em; inline-size: 2.8em; block-size: 2.8em }
.summary .words { flex: 1 1 12em; min-inline-size: 0; overflow-wrap: anywhere }
.chips { display: inline-flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: .4em .5em }
.facts .chips { justify-content: flex-start }
.strong { font-weight: 550 }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5em, 1fr)); gap: 1px; background: var(--_border); border-block: 1px solid var(--_border) }
.figure { padding: .95em 1.5em 1.05em; background: var(--_surface) }
.figure dt { color: var(--_muted); font-size: .8em; font-weight: 500 }
.figure dd { margin-block-start: .1em; font-size: 1.1333em; font-weight: 600; letter-spacing: -.01em }
.columns { display: grid }
.column { min-inline-size: 0 }
.section { padding: 1.35em 1.5em }
.section + .section { border-block-start: 1px solid var(--_border) }
.column + .column { border-block-start: 1px solid var(--_border) }
.section-head { display: flex; align-items: baseline; justify-content: space-between; gap: 1em; margin-block-end: .7em }
.line { display: flex; align-items: center; justify-content: space-between; gap: 1em; min-block-size: 2.75em; padding-block: .4em }
li + li > .line, li.line + li.line { border-block-start: 1px solid var(--_border) }
.line-text { display: grid; min-inline-size: 0; overflow-wrap: anywhere }
button.line { inline-size: calc(100% + 1.5em); margin-inline: -.75em; padding-inline: .75em; border: 0; border-radius: var(--_radius-small); background: none; text-align: start }
button.line:hover { background: var(--_hover) }
li + li > button.line { border-block-start: 0 }
.more { margin-block-start: .5em }
.facts { display: grid; gap: .55em }
.fact { display: grid; grid-template-columns: 7.5em 1fr; gap: 1em }
.fact dd { min-inline-size: 0; overflow-wrap: anywhere }
.score + .score { margin-block-start: 1em; padding-block-start: 1em; border-block-start: 1px solid var(--_border) }
.score-head { display: flex; align-items: center; justify-content: space-between; gap: 1em; margin-block-end: .35em }
.reason { display: flex; gap: .7em; padding-block: .25em; font-size: .9333em }
.effect { display: grid; place-items: center; flex: none; inline-size: 1.45em; block-size: 1.45em; border-radius: 50%; background: var(--_calm-soft); color: var(--_calm) }
.effect .icon { inline-size: .85em; block-size: .85em; stroke-width: 2.5 }
.effect.raises { background: var(--_good-soft); color: var(--_good) }
.effect.lowers { background: var(--_bad-soft); color: var(--_bad) }
.entry { position: relative; display: flex; gap: .9em; padding-block-end: 1.1em }
.entry:last-child { padding-block-end: 0 }
.entry:not(:last-child)::before { content: ""; position: absolute; inset-block: 2.1em .2em; inset-inline-start: .97em; inline-size: 1px; background: var(--_border) }
.dot { display: grid; place-items: center; flex: none; inline-size: 2em; block-size: 2em; border-radius: 50%; background: var(--_calm-soft); color: var(--_calm) }
.dot .icon { inline-size: 1em; block-size: 1em }
.dot.order { background: var(--_good-soft); color: var(--_good) }
.dot.ticket { background: var(--_accent-soft); color: var(--_accent) }
.skeleton .words { display: grid; gap: .7em }
.skeleton .column { display: grid; gap: 1.1em; padding: 1.5em }
@container (inline-size >= 46rem) {
  .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) }
  .column + .column { border-block-start: 0; border-inline-start: 1px solid var(--_border) }
}
@media (forced-colors: active) { .effect, .dot { border: 1px solid CanvasText } .entry::before { background: CanvasText } }
`
