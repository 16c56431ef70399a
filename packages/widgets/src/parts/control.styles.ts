/** Form controls and the banners above them. Inputs have at least 16 px, or iOS would zoom into them. */
export const controlStyles = `
.field { display: grid; gap: .3em; min-inline-size: 0 }
.field label { font-weight: 600; justify-self: start }
.field .optional { font-weight: 400 }
input[type="text"], textarea, select { inline-size: 100%; min-block-size: 2.75em; padding: .55em .8em; border: 1px solid var(--_edge); border-radius: var(--_radius-small); background: var(--_surface); color: inherit; font: inherit; font-size: max(1rem, 16px); line-height: 1.45; appearance: none }
textarea { min-block-size: 6em; resize: vertical }
input[type="text"]:hover, textarea:hover, select:hover { border-color: var(--_text) }
input:focus-visible, textarea:focus-visible, select:focus-visible { outline-offset: -1px }
.select { position: relative }
.select::after { content: ""; position: absolute; inset-block-start: calc(50% - .35em); inset-inline-end: 1.1em; inline-size: .5em; block-size: .5em; border: solid var(--_muted); border-width: 0 2px 2px 0; rotate: 45deg; pointer-events: none }
.select select { padding-inline-end: 2.5em; text-overflow: ellipsis }
.field.invalid :is(input, textarea, select) { border-color: var(--_bad); box-shadow: inset 0 0 0 1px var(--_bad) }
.problem { color: var(--_bad); font-weight: 550 }
.banner { display: flex; gap: .8em; padding: .9em 1.1em; border-radius: var(--_radius-small); background: var(--_calm-soft); color: var(--_calm) }
.banner .icon { margin-block-start: .15em }
.banner.bad { background: var(--_bad-soft); color: var(--_bad) }
.banner.warn { background: var(--_warn-soft); color: var(--_warn) }
.banner.good { background: var(--_good-soft); color: var(--_good) }
.banner .link { color: inherit; min-block-size: 24px }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .75em 1em }
@media (forced-colors: active) { .banner { border: 1px solid CanvasText } .select::after { border-color: ButtonText } }
`
