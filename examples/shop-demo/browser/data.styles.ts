/** The pages for data: import, duplicates, merges, a customer's consent. They take the colours of the back office. */
export const dataStyles = `
.steps, .cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; max-inline-size: 76rem }
.sheet { grid-template-columns: minmax(0, 1fr) }
.sheet > .muted:first-of-type { margin-block-start: -.35rem }
:is(.sheet, .pair, .refresh, .letter) :is(button, .button) { min-block-size: 2.4rem; padding: .35rem 1rem; border: 1px solid var(--edge); border-radius: .55rem; background: var(--surface); color: var(--text); font-weight: 600; text-decoration: none; line-height: 1.6 }
:is(.sheet, .pair) :is(button, .button):hover { background: var(--sunken) }
:is(.sheet, .pair, .refresh, .letter) .primary { border-color: transparent; background: var(--accent); color: var(--on-accent) }
:is(.sheet, .pair) .primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08) }
.refresh button:not(:disabled) { border-color: transparent; background: var(--accent); color: var(--on-accent) }
.sheet .danger { border-color: var(--bad); color: var(--bad) }
:is(.sheet, .pair, .refresh) button:disabled { background: var(--sunken); border-color: var(--border); color: var(--muted); cursor: default; filter: none }
:is(.sheet, .refresh) :is(select, input[type="text"]) { min-block-size: 2.4rem; max-inline-size: 100%; padding: .3rem .6rem; border: 1px solid var(--edge); border-radius: .55rem; background: var(--surface); color: var(--text) }
input[type="radio"], input[type="checkbox"] { inline-size: 1.15rem; block-size: 1.15rem; margin: 0; accent-color: var(--accent); vertical-align: -.2em }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; align-self: end }
.actions:empty { display: none }
.fields { display: flex; flex-wrap: wrap; gap: .8rem 1.25rem; align-items: end; margin-block-start: .4rem }
.fields > label { grid-template-columns: minmax(0, 1fr); max-inline-size: 100% }
.fields > label, .stacked { display: grid; gap: .25rem; font-weight: 550; min-inline-size: 0 }
.fields select, .stacked input { font-weight: 400 }
.fields .actions { margin-inline-start: auto }
.inline { display: inline-flex; flex-wrap: wrap; align-items: center; gap: .5rem }
.choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: .8rem }
.choices li { display: grid; grid-template-columns: minmax(0, 1fr); gap: .3rem; align-content: start; font-size: .875rem; min-inline-size: 0 }
.sheet .choice { display: grid; gap: .1rem; inline-size: 100%; padding: .7rem .95rem; border: 1px solid var(--edge); border-radius: .7rem; text-align: start; font-weight: 400; font-size: .9375rem }
.choice b { font-weight: 620 }
.choice small { color: var(--muted); font-size: .875rem }
.choice input { margin-block-start: .35rem; inline-size: 100%; min-inline-size: 0 }
.sheet .choice[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent) }
#file-facts:empty, #outcome-status:empty, #privacy-status:empty { display: none }
.scroll:focus-visible { outline-offset: 3px }
.sheet table.mapping :is(th, td), .sheet table.errors :is(th, td) { padding-inline-end: 1rem; vertical-align: middle; text-align: start }
table.mapping { min-inline-size: 58rem }
table.mapping select { min-inline-size: 11rem }
.samples span { display: block; max-inline-size: 15rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--muted); font-size: .875rem; line-height: 1.4 }
table.errors { min-inline-size: 34rem }
table.errors caption { padding-block: .35rem; text-align: start; font-weight: 620 }
.sheet .tiles { margin: 0; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)) }
.sheet .tiles > div { background: var(--sunken); border-color: transparent; box-shadow: none }
.sheet progress { inline-size: min(30rem, 100%); block-size: .7rem; accent-color: var(--accent) }
.earlier li { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; padding-block: .5rem; border-block-start: 1px solid var(--border) }
.earlier li:first-child { border: 0 }
.earlier b { font-weight: 620; margin-inline-end: .5rem }
.earlier [role="status"] { color: var(--muted) }
.earlier button { margin-inline-start: auto }
.list-head { padding: .85rem 1rem .75rem; font-size: 1rem; font-weight: 650 }
#pair-rows { overflow-y: auto; scrollbar-width: thin; scrollbar-color: var(--edge) transparent }
#pair-rows li { border-block-start: 1px solid var(--border) }
#pair-status { padding-inline: 1rem; color: var(--muted) }
#pair-status:not(:empty) { padding-block: 0 1rem }
#pair:focus { outline: none }
.pair { display: grid; gap: .9rem }
.pair header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .9rem }
.pair h2 { font-size: 1.25rem; font-weight: 650; letter-spacing: -.012em }
.probability { font-size: 1.125rem }
.reasons { display: flex; flex-wrap: wrap; gap: .4rem }
.reasons .chip { font-size: .875rem; padding: .15rem .7rem }
.weight { font-variant-numeric: tabular-nums; font-weight: 700 }
.compare { inline-size: 100%; min-inline-size: 44rem; table-layout: fixed; font-size: .9375rem }
.compare td { white-space: pre-line }
.compare :is(th, td) { padding: .45rem .7rem .45rem 0; border-block-start: 1px solid var(--border); text-align: start; vertical-align: top; overflow-wrap: anywhere }
.compare thead th { border: 0; vertical-align: bottom; font-weight: 620 }
.compare thead th:is(:first-child, :last-child) { color: var(--muted); font-weight: 550; font-size: .875rem }
.compare thead small { display: block; color: var(--muted); font-size: .8125rem; font-weight: 500 }
.compare th:first-child { inline-size: 17% }
.compare tbody th { color: var(--muted); font-weight: 550 }
.compare label { cursor: pointer }
.compare tbody label { display: block }
.compare .outcome { font-weight: 600 }
.compare tbody tr:not(.differs-here) :is(td:not(.outcome)) { color: var(--muted) }
.cards h2 { overflow-wrap: anywhere }
.cards h2 .muted { font-weight: 450 }
.merge-action { display: grid; gap: .6rem; justify-items: start }
.merge-action:empty { display: none }
.panel-head #customer-page { margin-inline-start: auto; margin-inline-end: .6rem; font-size: .9375rem }
.consent .chip { white-space: nowrap }
.sheet .consent { min-inline-size: 40rem; table-layout: fixed }
.sheet .consent :is(th, td) { padding: .35rem .5rem .35rem 0 }
.consent tbody th { font-weight: 600 }
.sheet .consent button { inline-size: 100%; min-block-size: 2.6rem; padding: .3rem .5rem; border-color: var(--border); text-align: start }
.sheet .consent button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); background: var(--accent-soft) }
.consent button[aria-pressed="true"] .chip { background: var(--surface) }
.consent-detail > div { display: grid; gap: .7rem; padding-block-start: .4rem }
.consent-detail h3 { font-size: 1.0625rem }
.proof { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem 1.25rem; padding: .8rem 1rem; border-radius: .7rem; background: var(--sunken) }
.proof dt { color: var(--muted); font-size: .8125rem }
.proof dd { overflow-wrap: anywhere; font-size: .9375rem }
.history { display: grid; gap: .35rem; padding-block-start: .4rem }
.note-box { padding: .7rem 1rem; border-radius: .7rem; background: var(--warn-soft); color: var(--warn) }
.note-box a { color: inherit; font-weight: 650 }
dialog { max-inline-size: min(34rem, calc(100vw - 2rem)); padding: 1.4rem 1.5rem 1.5rem; border: 1px solid var(--border); border-radius: 14px; background: var(--surface); color: var(--text); box-shadow: 0 18px 60px rgb(0 0 0 / .3) }
dialog::backdrop { background: rgb(10 12 20 / .55) }
dialog form { display: grid; gap: .8rem }
dialog fieldset { display: grid; gap: .4rem; margin: 0; padding: .6rem .9rem .8rem; border: 1px solid var(--border); border-radius: .7rem }
dialog fieldset label { display: flex; gap: .5rem }
dialog fieldset input { flex: none; margin-block-start: .15rem }
dialog legend { padding-inline: .3rem; font-weight: 600 }
.letter { max-inline-size: 34rem; margin-inline: auto; padding-block: 4rem; display: grid; gap: 1rem }
.letter h1 { font-size: 1.75rem }
@media (max-width: 56rem) {
  .fields .actions { margin-inline-start: 0 }
  table.mapping, table.compare { display: block; min-inline-size: 0 }
  :is(table.mapping, table.compare) :is(tbody, tr, th, td) { display: block }
  table.mapping thead { display: none }
  .sheet table.mapping tr { display: grid; grid-template-columns: minmax(0, 1fr); gap: .3rem; padding-block: .7rem; border-block-start: 1px solid var(--border) }
  .sheet table.mapping :is(th, td) { padding: 0; border: 0 }
  .sheet table.mapping td:empty { display: none }
  table.mapping select { inline-size: 100% }
  .samples span { display: inline; margin-inline-end: .8rem }
  table.compare tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); padding-block: .4rem; border-block-start: 1px solid var(--border) }
  table.compare tr > :is(th, td) { padding: .1rem .5rem .1rem 0; border: 0 }
  table.compare thead { display: block }
  table.compare thead th:is(:first-child, :last-child) { display: none }
  table.compare tbody :is(th:first-child, .outcome) { grid-column: 1 / -1; inline-size: auto }
  .compare .outcome::before { content: "→ " }
}
@media (forced-colors: active) { .choice[aria-pressed="true"], .consent button[aria-pressed="true"] { outline: 2px solid Highlight } }
`
