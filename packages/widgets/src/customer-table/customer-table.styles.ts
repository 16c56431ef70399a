/** The look of `<rapport-customer-table>`. */
export const customerTableStyles = `
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: .75em 1.25em; padding: 1em 1.2rem }
.toolbar .title { display: flex; align-items: baseline; gap: .6em; margin-inline-end: auto }
.search { display: block; position: relative; flex: 0 1 20em; min-inline-size: 12em }
.search .icon { position: absolute; inset-block-start: 50%; inset-inline-start: .75em; translate: 0 -50%; color: var(--_muted); pointer-events: none }
.search input { inline-size: 100%; block-size: 2.6em; padding-inline: 2.5em .8em; border: 1px solid var(--_edge); border-radius: var(--_radius-small); background: var(--_surface); color: inherit; font: inherit }
.search input::placeholder { color: var(--_muted); opacity: 1 }
.scroller { display: grid; grid-template-columns: minmax(min-content, 1fr); align-content: start; position: relative; overflow: auto; overflow-anchor: none; max-block-size: var(--rapport-table-height, 36rem); border-block: 1px solid var(--_border); scroll-padding-block-start: var(--_head); --_head: 2.75rem; scrollbar-width: thin; scrollbar-color: var(--_edge) transparent }
.scroller.bare { border-block-end: 0 }
.head { display: block; position: sticky; inset-block-start: 0; z-index: 1; background: var(--_sunken) }
.row { display: grid; grid-template-columns: var(--_tracks); min-inline-size: 100% }
.head .row { block-size: var(--_head); border-block-end: 1px solid var(--_border) }
.head .cell { color: var(--_muted); font-size: .8667em; font-weight: 600; cursor: pointer; user-select: none }
.head .cell:hover { color: var(--_text) }
.sort { opacity: 0 }
.sort .icon { inline-size: 1em; block-size: 1em; stroke-width: 2.25 }
.sort.sorted { opacity: 1; color: var(--_accent) }
.head .cell:hover .sort:not(.sorted), .head .cell:focus-visible .sort:not(.sorted) { opacity: .55 }
.head .cell.number { flex-direction: row-reverse; justify-content: flex-start }
.body { display: block; position: relative; contain: layout style }
.body .row { position: absolute; inset-block-start: 0; inset-inline: 0; block-size: var(--_row); border-block-end: 1px solid var(--_border); background: var(--_surface); cursor: pointer; contain: layout style }
.body .row:hover { background: var(--_hover) }
.cell { font-weight: 400; text-align: start; display: flex; align-items: center; gap: .65em; min-inline-size: 0; padding-inline: .875rem; white-space: nowrap }
.cell:first-child { padding-inline-start: 1.2rem }
.share .number { min-inline-size: 2.7em; text-align: end }
.cell.number { justify-content: flex-end; font-variant-numeric: tabular-nums }
.cell:focus-visible { outline-offset: -3px; border-radius: 8px }
.cell .text, .cell .name { overflow: hidden; text-overflow: ellipsis }
.cell .name { font-weight: 550 }
.body .cell .name.muted { font-weight: 400 }
.foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5em 1.25em; min-block-size: 2.9rem; padding: .5em 1.2rem; color: var(--_muted); font-size: .8667em; font-variant-numeric: tabular-nums }
.foot .warn { display: inline-flex; align-items: center; gap: .75em; color: var(--_warn) }
.foot .button { min-block-size: 2.2em }
.skeleton .line { display: flex; align-items: center; gap: 1.25em; block-size: 52px; padding-inline: 1.25em; border-block-start: 1px solid var(--_border) }
.skeleton .line .bone:not(.round) { flex: 1 1 0; max-inline-size: 11em }
@media (forced-colors: active) { .sort.sorted { color: Highlight } }
`
