/** The shop: a brand of its own. The elements take it over through their `--rapport-*` properties. */
export const storefrontStyles = `
:root {
  --ground: light-dark(#fbf6ec, #17120f);
  --surface: light-dark(#fffdf8, #211a16);
  --sunken: light-dark(#f3eadb, #2b221d);
  --border: light-dark(#e6dac6, #3d312a);
  --edge: light-dark(#927f68, #8b7a6b);
  --text: light-dark(#2a1d16, #f4ebdf);
  --muted: light-dark(#6b594b, #c0af9f);
  --accent: light-dark(#a63a1a, #ff9f7a);
  --accent-soft: light-dark(#fae5d8, #46281c);
  --on-accent: light-dark(#ffffff, #2b120a);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Noto Serif", serif;
  --rapport-surface: var(--surface);
  --rapport-surface-sunken: var(--sunken);
  --rapport-surface-hover: var(--sunken);
  --rapport-border: var(--border);
  --rapport-border-control: var(--edge);
  --rapport-text: var(--text);
  --rapport-text-muted: var(--muted);
  --rapport-accent: var(--accent);
  --rapport-accent-soft: var(--accent-soft);
  --rapport-on-accent: var(--on-accent);
  --rapport-radius: 14px;
}
html { scroll-padding-block-start: 5.5rem }
body { background: var(--ground); color: var(--text) }
h1, h2, .shop-name { font-family: var(--serif); letter-spacing: -.012em; text-wrap: balance }
h1 { font-size: clamp(2.2rem, 4.6vw, 3.6rem); line-height: 1.08; font-weight: 600 }
h2 { font-size: 1.75rem; line-height: 1.2; font-weight: 600 }
h3 { font-size: 1.0625rem; line-height: 1.35; font-weight: 650 }
a { color: var(--accent); text-underline-offset: .18em }
.muted { color: var(--muted) }
.demo-note { padding: .5rem 1rem; background: #2a1d16; color: #f4ebdf; font-size: .875rem; text-align: center }
.demo-note a { color: #ffc2a8 }
.shop-head, main > section, .shop-foot { padding-inline: max(1.25rem, calc((100% - 72rem) / 2)) }
.shop-head { position: sticky; inset-block-start: 0; z-index: 2; display: flex; align-items: center; gap: 1rem 2.25rem; padding-block: .85rem; background: color-mix(in srgb, var(--ground) 92%, transparent); backdrop-filter: blur(10px); border-block-end: 1px solid var(--border) }
.shop-name { display: flex; align-items: center; gap: .6rem; font-size: 1.375rem; font-weight: 650; color: inherit; text-decoration: none }
.shop-name svg { inline-size: 2.1rem; block-size: 2.1rem }
.lantern-line { fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round }
.lantern-body { fill: var(--accent) }
.lantern-light { fill: #ffd77a }
.shop-head nav { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin-inline-end: auto }
.shop-head nav a { padding-block: .25rem; color: var(--muted); font-weight: 550; text-decoration: none }
.shop-head nav a:hover { color: var(--text); text-decoration: underline }
.button, .sign-out button { min-block-size: 2.5rem; padding: .45rem 1.15rem; border: 1px solid var(--accent); border-radius: 2rem; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none }
.sign-out { display: flex; align-items: center; gap: .9rem; font-weight: 600 }
.sign-out button { background: none; color: var(--accent) }
.hero { display: grid; grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr); gap: 2rem 4rem; align-items: center; padding-block: clamp(2.25rem, 5vw, 4rem) }
.hero > div { display: grid; gap: 1.1rem }
.hero > div p { max-inline-size: 30rem; color: var(--muted); font-size: 1.1875rem }
.hero > div svg { inline-size: min(100%, 21rem); block-size: auto; margin-block-start: .9rem; filter: drop-shadow(0 14px 18px rgb(60 30 10 / .28)) }
.sign-in { display: grid; gap: .6rem; padding: 1.5rem; border: 1px solid var(--border); border-radius: 18px; background: var(--surface); box-shadow: 0 18px 40px -28px rgb(70 40 20 / .5) }
.sign-in h2 { font-size: 1.375rem }
.sign-in p { color: var(--muted) }
.sign-in ul { display: grid; gap: .45rem; margin-block-start: .4rem }
.sign-in button { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; inline-size: 100%; padding: .7rem 1rem; border: 1px solid var(--border); border-radius: 12px; background: var(--ground); text-align: start }
.sign-in button:hover { border-color: var(--accent); background: var(--accent-soft) }
.sign-in small { color: var(--muted); font-size: .9375rem }
.account { padding-block: 2.75rem 3rem; display: grid; gap: 1.5rem }
.account h1 { font-size: clamp(1.9rem, 3.4vw, 2.6rem) }
.sent { padding: .8rem 1.1rem; border-radius: 12px; background: light-dark(#e3f4ec, #16322a); color: light-dark(#17694a, #6fd3a8); font-weight: 600 }
.account-grid { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2rem; align-items: start }
.orders { display: grid; gap: .8rem }
.orders table { inline-size: 100% }
.orders :is(th, td) { padding: .6rem .75rem .6rem 0; border-block-end: 1px solid var(--border) }
.orders thead th { color: var(--muted); font-size: .9375rem; font-weight: 550 }
.orders :is(td, th):last-child { padding-inline-end: 0; text-align: end; font-variant-numeric: tabular-nums }
.orders rapport-ticket-list { margin-block-start: 1rem }
.plain-form { display: grid; gap: .75rem; padding: 1.5rem; border: 1px solid var(--border); border-radius: 14px; background: var(--surface) }
.plain-form :is(input, select, textarea) { inline-size: 100% }
.window { padding-block: 3rem; background: var(--sunken) }
.window ul { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 1.25rem; margin-block-start: 1.35rem }
.window li { display: grid; gap: .1rem; align-content: start }
.window svg { inline-size: 100%; block-size: auto; margin-block-end: .55rem; border-radius: 6px; box-shadow: 0 10px 22px -14px rgb(50 30 10 / .6) }
.window p { color: var(--muted) }
.window .price { color: var(--text); font-weight: 600 }
.recipe { padding-block: 3.25rem 4rem; display: grid; gap: 1.75rem }
.recipe-intro { display: grid; gap: .6rem; max-inline-size: 44rem }
.recipe-intro p { color: var(--muted); font-size: 1.0625rem }
.recipe ol { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem 2rem; counter-reset: step }
.recipe li { display: grid; grid-template-columns: minmax(0, 1fr); gap: .35rem; align-content: start; counter-increment: step }
.recipe h3::before { content: counter(step) " "; display: inline-grid; place-items: center; inline-size: 1.65rem; block-size: 1.65rem; margin-inline-end: .6rem; border-radius: 50%; background: var(--accent); color: var(--on-accent); font-size: .875rem }
.recipe li p { color: var(--muted) }
.recipe figure { margin-block-start: .45rem; border-radius: 12px; overflow: clip; background: #241a15; color: #f4ebdf }
.recipe figcaption { padding: .5rem 1rem; border-block-end: 1px solid #ffffff1c; color: #d3c2b1; font-size: .8125rem; font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace }
.recipe pre { margin: 0; padding: .9rem 1rem 1.05rem; overflow-x: auto; font: .8125rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; tab-size: 2; scrollbar-width: thin; scrollbar-color: #8b7a6b transparent }
.recipe pre:focus-visible { outline-color: #ff9f7a; outline-offset: -3px }
.recipe .comment { color: #c9a98f }
.shop-foot { padding-block: 1.6rem 2.2rem; border-block-start: 1px solid var(--border); color: var(--muted); font-size: .9375rem }
@media (max-width: 60rem) {
  .hero, .account-grid, .recipe ol { grid-template-columns: minmax(0, 1fr) }
  .window ul { grid-template-columns: repeat(3, minmax(0, 1fr)) }
  .shop-head { flex-wrap: wrap; position: static }
}
@media (max-width: 30rem) { .window ul { grid-template-columns: repeat(2, minmax(0, 1fr)) } }
`
