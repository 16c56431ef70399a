/** The back office: a quiet frame around Rapport's elements, in their colours. */
export const adminStyles = `
:root {
  --ground: light-dark(#f4f5f8, #0e1014);
  --surface: light-dark(#ffffff, #15181d);
  --sunken: light-dark(#f6f7f9, #1c2027);
  --border: light-dark(#e4e7ec, #2b313b);
  --edge: light-dark(#858d9b, #707a89);
  --text: light-dark(#171b23, #e9ecf2);
  --muted: light-dark(#565f70, #a2abb9);
  --accent: light-dark(#3f4cc9, #a3adff);
  --accent-soft: light-dark(#eceefc, #262b4a);
  --on-accent: light-dark(#ffffff, #14172e);
  --good: light-dark(#17694a, #6fd3a8);
  --good-soft: light-dark(#e3f4ec, #16322a);
  --warn: light-dark(#7d4d08, #f0bd6c);
  --warn-soft: light-dark(#fcf1dd, #38290f);
  --bad: light-dark(#a82733, #ff9aa0);
  --bad-soft: light-dark(#fdecec, #3c1b20);
  --bar: light-dark(#151a2d, #12151c);
  --bar-text: #e8ebf6;
  --bar-muted: #aab2cc;
  --bar-hover: light-dark(#222947, #20252f);
  --shadow: light-dark(0 1px 2px rgb(16 24 40 / .05), 0 1px 2px rgb(0 0 0 / .4));
  --rapport-table-height: max(20rem, calc(100dvh - 20.75rem));
}
body { background: var(--ground); color: var(--text) }
.icon { inline-size: 1.25rem; block-size: 1.25rem; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round }
.muted { color: var(--muted) }
.shell { display: grid; grid-template-columns: 14.5rem minmax(0, 1fr); min-block-size: 100dvh }
.sidebar { position: sticky; inset-block-start: 0; block-size: 100dvh; display: flex; flex-direction: column; gap: 1.75rem; padding: 1.25rem .85rem 1rem; background: var(--bar); color: var(--bar-text); overflow-y: auto }
.sidebar :focus-visible { outline-color: #a3adff }
.brand { display: flex; align-items: center; gap: .7rem; padding: .25rem .4rem; color: inherit; text-decoration: none; border-radius: .5rem }
.brand svg { inline-size: 2.25rem; block-size: 2.25rem }
.brand-tile { fill: #5b69f0 }
.brand-line { fill: none; stroke: #fff; stroke-width: 2.6; stroke-linecap: round; stroke-linejoin: round }
.brand b, .member b { display: block; line-height: 1.25 }
.brand b { font-size: 1.0625rem; letter-spacing: -.01em }
.brand small, .member small { display: block; color: var(--bar-muted); font-size: .8125rem; line-height: 1.3 }
.sidebar nav { display: grid; gap: .2rem }
.sidebar nav a, .sidebar-foot > a, .sidebar-foot > button { display: flex; align-items: center; gap: .7rem; min-block-size: 2.5rem; padding: .4rem .7rem; border: 0; border-radius: .55rem; background: none; color: var(--bar-muted); font-size: .9375rem; font-weight: 550; text-decoration: none; text-align: start }
.sidebar nav a:hover, .sidebar-foot > a:hover, .sidebar-foot > button:hover { background: var(--bar-hover); color: var(--bar-text) }
.sidebar nav a[aria-current] { background: var(--bar-hover); color: #fff }
.badge { margin-inline-start: auto; min-inline-size: 1.6rem; padding: 0 .45rem; border-radius: 1rem; background: #4a57dd; color: #fff; font-size: .8125rem; font-weight: 650; line-height: 1.5rem; text-align: center; font-variant-numeric: tabular-nums }
.sidebar-foot { margin-block-start: auto; display: grid; gap: .2rem }
.member { display: flex; align-items: center; gap: .7rem; margin-block-start: .6rem; padding: .85rem .55rem 0; border-block-start: 1px solid #ffffff1f; font-size: .9375rem }
.initials { display: grid; place-items: center; inline-size: 2.1rem; block-size: 2.1rem; border-radius: 50%; background: #f2c14e; color: #2a210a; font-size: .8125rem; font-weight: 700 }
main { padding: 1.5rem clamp(1rem, 2vw, 2rem) 2rem; min-inline-size: 0 }
.view-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; margin-block-end: 1.1rem }
.view-head h1 { font-size: 1.5rem; line-height: 1.25; font-weight: 680; letter-spacing: -.018em }
.view-head p { color: var(--muted) }
.view-head b { color: var(--text); font-weight: 600 }
a { color: var(--accent); text-underline-offset: .18em }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.25rem, 1fr)); gap: .85rem; margin-block-end: 1.1rem }
.tiles > div, .sheet, .desk-list, .desk-conversation { background: var(--surface); border: 1px solid var(--border); border-radius: 12px; box-shadow: var(--shadow) }
.tiles > div { padding: .8rem 1rem .85rem }
.tiles dt { color: var(--muted); font-size: .875rem; font-weight: 550 }
.tiles .value { font-size: 1.625rem; line-height: 1.3; font-weight: 680; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
.tiles .note { color: var(--muted); font-size: .8125rem; line-height: 1.35 }
.workplace { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start }
.workplace.with-customer { grid-template-columns: minmax(0, 1fr) clamp(24rem, 34vw, 31rem) }
#customer-panel { position: sticky; inset-block-start: 1rem; max-block-size: calc(100dvh - 2rem); overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--edge) transparent; border-radius: 12px }
.panel-head { display: flex; align-items: center; justify-content: space-between; padding: 0 .25rem .4rem .5rem }
.panel-head h2 { font-size: .9375rem; font-weight: 650; color: var(--muted) }
.panel-head button { display: grid; place-items: center; inline-size: 2rem; block-size: 2rem; border: 0; border-radius: .5rem; background: none; color: var(--muted) }
.panel-head button:hover { background: var(--surface); color: var(--text) }
.desk { display: grid; grid-template-columns: minmax(18rem, 25rem) minmax(0, 1fr); gap: 1rem; align-items: start }
.desk-list { overflow: clip; max-block-size: calc(100dvh - 7.5rem); display: flex; flex-direction: column }
.segmented { display: flex; gap: .25rem; margin: .75rem; padding: .2rem; border-radius: .6rem; background: var(--sunken) }
.segmented button { flex: 1; min-block-size: 2.1rem; border: 0; border-radius: .45rem; background: none; color: var(--muted); font-weight: 550 }
.segmented button[aria-pressed="true"] { background: var(--surface); color: var(--text); box-shadow: 0 1px 2px rgb(16 24 40 / .16) }
#ticket-rows { overflow-y: auto; scrollbar-width: thin; scrollbar-color: var(--edge) transparent }
#ticket-rows li { border-block-start: 1px solid var(--border) }
#ticket-status { padding-inline: 1rem }
#ticket-status:not(:empty) { padding-block: 1rem; color: var(--muted) }
.ticket { display: grid; gap: .15rem; inline-size: 100%; padding: .75rem 1rem .8rem; border: 0; background: none; text-align: start }
.ticket:hover { background: var(--sunken) }
.ticket:focus-visible { outline-offset: -2px }
.ticket[aria-current="true"] { background: var(--accent-soft); box-shadow: inset 3px 0 var(--accent) }
.ticket-subject { font-weight: 600; overflow-wrap: anywhere }
.ticket-who { color: var(--muted); font-size: .875rem }
.chips { display: flex; flex-wrap: wrap; gap: .35rem; margin-block-start: .3rem }
.chip { padding: .05rem .55rem; border-radius: 1rem; background: var(--sunken); color: var(--muted); font-size: .8125rem; font-weight: 550 }
.ticket[aria-current="true"] .chip { background: var(--surface) }
.chip-new, .chip-open { background: var(--accent-soft); color: var(--accent) }
.chip-resolved, .chip-closed { background: var(--good-soft); color: var(--good) }
.chip-high { background: var(--warn-soft); color: var(--warn) }
.chip-urgent { background: var(--bad-soft); color: var(--bad) }
.ticket[aria-current="true"] :is(.chip-high, .chip-urgent, .chip-new, .chip-open, .chip-resolved, .chip-closed) { background: var(--surface) }
.desk-conversation { padding: 1.25rem 1.4rem 1.4rem; min-block-size: 20rem }
.placeholder { display: grid; place-items: center; min-block-size: 16rem; color: var(--muted) }
.conversation { display: grid; gap: 1.1rem }
.conversation header { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .2rem 1rem; align-items: start; padding-block-end: 1rem; border-block-end: 1px solid var(--border) }
.conversation h2 { font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; overflow-wrap: anywhere }
.conversation header p { grid-row: 2 }
.conversation button { min-block-size: 2.4rem; padding: .35rem 1rem; border: 1px solid var(--edge); border-radius: .55rem; background: var(--surface); font-weight: 600 }
.conversation button:hover { background: var(--sunken) }
.conversation .primary { border-color: transparent; background: var(--accent); color: var(--on-accent) }
.conversation .primary:hover { background: var(--accent); filter: brightness(1.08) }
.messages { display: grid; gap: .8rem }
.message { justify-self: start; max-inline-size: min(44rem, 92%); padding: .75rem 1rem; border-radius: 12px; background: var(--sunken) }
.message-outbound { justify-self: end; background: var(--accent-soft) }
.message-internal { justify-self: end; background: var(--warn-soft) }
.message-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .75rem; font-size: .875rem }
.message-head time { color: var(--muted) }
.message-internal .chip { background: var(--surface); color: var(--warn) }
.message-body { white-space: pre-wrap; overflow-wrap: anywhere }
.reply { display: grid; gap: .4rem }
.reply > label { font-weight: 600 }
.reply textarea { inline-size: 100%; padding: .6rem .8rem; border: 1px solid var(--edge); border-radius: .55rem; background: var(--surface); resize: vertical }
.reply-foot { display: flex; align-items: center; justify-content: space-between; gap: 1rem }
.reply-foot label { display: flex; align-items: center; gap: .5rem; min-block-size: 1.5rem }
.reply-foot input { inline-size: 1.15rem; block-size: 1.15rem; accent-color: var(--accent) }
.problem:empty { display: none }
.problem { color: var(--bad); font-weight: 550 }
.models { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; max-inline-size: 76rem }
.sheet { align-content: start }
.sheet { padding: 1.2rem 1.35rem 1.35rem; display: grid; gap: .65rem }
.sheet h2 { font-size: 1.125rem; font-weight: 650; letter-spacing: -.01em }
.sheet table { inline-size: 100% }
.sheet th, .sheet td { padding: .42rem .5rem .42rem 0; border-block-start: 1px solid var(--border) }
.sheet thead :is(th, td) { border: 0; color: var(--muted); font-size: .875rem; font-weight: 550 }
.sheet tbody th { font-weight: 600 }
.sheet td { font-variant-numeric: tabular-nums }
.agrees, .differs { padding: .05rem .55rem; border-radius: 1rem; font-size: .8125rem; font-weight: 600; background: var(--good-soft); color: var(--good) }
.differs { background: var(--bad-soft); color: var(--bad) }
.source { color: var(--muted); font-size: .875rem }
.sheet .bars th { inline-size: 10rem; font-weight: 500 }
.bars td:last-child { inline-size: 3.5rem; text-align: end; padding-inline-end: 0 }
.bars svg { inline-size: 100%; block-size: .55rem }
.sheet.wide { grid-column: 1 / -1 }
.sheet h3 { margin-block-start: .6rem; font-size: .9375rem; font-weight: 650 }
.refresh { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem 1.1rem; margin-block-end: 1rem; min-block-size: 2.4rem }
.refresh button { min-block-size: 2.4rem; padding: .35rem 1rem; border: 1px solid transparent; border-radius: .55rem; background: var(--accent); color: var(--on-accent); font-weight: 600 }
.refresh button:disabled { background: var(--sunken); border-color: var(--edge); color: var(--muted); cursor: default }
.refresh progress { inline-size: 14rem; block-size: .6rem; accent-color: var(--accent) }
.refresh p { color: var(--muted); font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto; border-radius: 8px }
.sheet .matrix { border-collapse: separate; border-spacing: 3px; table-layout: fixed; min-inline-size: 40rem }
.sheet .matrix :is(th, td) { border: 0; padding: .5rem .6rem }
.sheet .matrix :is(thead th, tbody th) { color: var(--muted); font-size: .875rem; font-weight: 550 }
.sheet .matrix tbody th { padding-inline-start: 0 }
.matrix tbody td { border-radius: 8px; block-size: 3.6rem; vertical-align: middle }
.matrix td b { display: block; font-size: 1.0625rem; font-weight: 680; line-height: 1.25 }
.matrix td small { display: block; font-size: .8125rem; line-height: 1.3 }
.heat-0 { background: var(--sunken) }
.heat-1 { background: color-mix(in oklab, var(--accent) 10%, var(--surface)) }
.heat-2 { background: color-mix(in oklab, var(--accent) 20%, var(--surface)) }
.heat-3 { background: color-mix(in oklab, var(--accent) 34%, var(--surface)) }
.heat-4 { background: color-mix(in oklab, var(--accent) 88%, var(--surface)); color: var(--on-accent) }
.heat-5 { background: var(--accent); color: var(--on-accent) }
.plot { inline-size: 100%; max-inline-size: 60rem; block-size: auto }
.plot text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums }
.plot .plot-end { text-anchor: end }
.plot .plot-middle { text-anchor: middle }
.plot-grid { stroke: var(--border) }
.plot-split { stroke: var(--edge); stroke-dasharray: 3 4 }
.plot-line { fill: none; stroke-width: 2.25 }
.plot-actual { stroke: var(--text) }
.plot-expected { stroke: var(--accent); stroke-dasharray: 8 4 }
.plot .plot-label-actual { fill: var(--text); font-weight: 600 }
.plot .plot-label-expected { fill: var(--accent); font-weight: 600 }
details summary { min-block-size: 1.75rem; color: var(--accent); cursor: pointer }
details table { max-inline-size: 26rem }
.bar { fill: var(--accent) }
.bar-rest { fill: var(--sunken) }
@media (max-width: 75rem) { .workplace.with-customer { grid-template-columns: minmax(0, 1fr) } .workplace.with-customer #customer-panel { order: -1; position: static; max-block-size: none } }
@media (max-width: 56rem) {
  .shell { grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) }
  .sidebar { position: static; block-size: auto; gap: .75rem; padding: .75rem }
  .sidebar nav { display: flex; flex-wrap: wrap }
  .sidebar-foot { grid-template-columns: auto auto; justify-content: start }
  .member { grid-column: 1 / -1 }
  .desk { grid-template-columns: minmax(0, 1fr) }
  .desk-list { max-block-size: 24rem }
}
@media (forced-colors: active) { .tiles > div, .sheet, .segmented button[aria-pressed="true"], .ticket[aria-current="true"] { border: 1px solid CanvasText } .bar { fill: Highlight } .matrix td { border: 1px solid CanvasText } .plot-line { stroke: CanvasText } }
`
