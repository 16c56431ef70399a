/**
 * The design tokens and the pieces that every element uses. A host changes the look through the `--rapport-*`
 * properties and `::part`; names with `--_` are internal. `light-dark()` follows the page's `color-scheme` unless the
 * `theme` attribute says otherwise.
 */
export const foundationStyles = `
:host {
  --_surface: var(--rapport-surface, light-dark(#ffffff, #15181d));
  --_sunken: var(--rapport-surface-sunken, light-dark(#f6f7f9, #1c2027));
  --_hover: var(--rapport-surface-hover, light-dark(#f3f5fb, #20252e));
  --_border: var(--rapport-border, light-dark(#e4e7ec, #2b313b));
  --_edge: var(--rapport-border-control, light-dark(#858d9b, #707a89));
  --_text: var(--rapport-text, light-dark(#171b23, #e9ecf2));
  --_muted: var(--rapport-text-muted, light-dark(#596273, #a2abb9));
  --_accent: var(--rapport-accent, light-dark(#3f4cc9, #a3adff));
  --_accent-soft: var(--rapport-accent-soft, light-dark(#eceefc, #262b4a));
  --_on-accent: var(--rapport-on-accent, light-dark(#ffffff, #14172e));
  --_good: var(--rapport-positive, light-dark(#17694a, #6fd3a8));
  --_good-soft: light-dark(#e3f4ec, #16322a);
  --_warn: var(--rapport-warning, light-dark(#84520a, #f0bd6c));
  --_warn-soft: light-dark(#fcf1dd, #38290f);
  --_bad: var(--rapport-danger, light-dark(#b02a37, #ff9aa0));
  --_bad-soft: light-dark(#fdecec, #3c1b20);
  --_calm: light-dark(#3f4a5c, #c0c8d4);
  --_calm-soft: light-dark(#eef0f4, #272d36);
  --_radius: var(--rapport-radius, 12px);
  --_radius-small: calc(var(--_radius) * .66);
  --_shadow: light-dark(0 1px 2px rgb(16 24 40 / .05), 0 1px 2px rgb(0 0 0 / .4));
  display: block;
  color: var(--_text);
  font-family: var(--rapport-font, Inter, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif);
  font-size: var(--rapport-font-size, .9375rem);
  font-weight: 400;
  line-height: 1.5;
  letter-spacing: normal;
  text-align: start;
  -webkit-font-smoothing: antialiased;
}
:host([hidden]) { display: none }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
*, ::before, ::after { box-sizing: border-box }
h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0 }
ul, ol { list-style: none }
h2 { font-size: 1.25em; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; text-wrap: balance }
h3 { font-size: 1em; line-height: 1.4; font-weight: 650 }
svg { display: block; flex: none }
.base { background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius); box-shadow: var(--_shadow); overflow: clip }
.muted { color: var(--_muted) }
.small { font-size: .8667em }
.number { font-variant-numeric: tabular-nums }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.icon { inline-size: 1.2em; block-size: 1.2em; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px }

button { font: inherit; color: inherit; cursor: pointer }
.button { display: inline-flex; align-items: center; justify-content: center; gap: .5em; min-block-size: 2.6em; padding-inline: 1.1em; border: 1px solid var(--_border); border-radius: var(--_radius-small); background: var(--_surface); color: var(--_text); font-weight: 550 }
.button:hover { background: var(--_hover) }
.button.primary { background: var(--_accent); border-color: transparent; color: var(--_on-accent) }
.button.primary:hover { background: color-mix(in oklab, var(--_accent), var(--_text) 14%) }
.button[aria-disabled="true"] { background: var(--_calm-soft); border-color: transparent; color: var(--_calm); cursor: default }
.link { border: 0; padding: 0; background: none; color: var(--_accent); text-align: start; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em }
.link:hover { text-decoration-thickness: 2px }

.chip { display: inline-flex; align-items: center; max-inline-size: 100%; padding: .18em .65em; border-radius: 99px; background: var(--_calm-soft); color: var(--_calm); font-size: .8em; font-weight: 550; line-height: 1.45; white-space: nowrap }
.chip.good { background: var(--_good-soft); color: var(--_good) }
.chip.warn { background: var(--_warn-soft); color: var(--_warn) }
.chip.bad { background: var(--_bad-soft); color: var(--_bad) }
.chip.accent { background: var(--_accent-soft); color: var(--_accent) }

.avatar { display: inline-grid; place-items: center; flex: none; inline-size: 2.1em; block-size: 2.1em; border-radius: 50%; font-size: .8em; font-weight: 650; letter-spacing: .02em; user-select: none; background: var(--_calm-soft); color: var(--_calm) }
.avatar.tone-1 { background: light-dark(#e3ebff, #1f2c4d); color: light-dark(#2b4aa8, #a9c1ff) }
.avatar.tone-2 { background: light-dark(#def3ee, #17352f); color: light-dark(#14655a, #7fd6c6) }
.avatar.tone-3 { background: light-dark(#fdebd9, #3b2714); color: light-dark(#8a4a12, #f3b983) }
.avatar.tone-4 { background: light-dark(#fbe4ee, #40202f); color: light-dark(#96285d, #f7a8cb) }
.avatar.tone-5 { background: light-dark(#ede6fd, #2d2349); color: light-dark(#5a35a6, #c6b0ff) }

.share { display: inline-flex; align-items: center; gap: .6em }
.share svg { inline-size: 3.6em; block-size: .4em; border-radius: 99px }
.share .track { fill: var(--_calm-soft) }
.share .fill { fill: var(--_good) }
.share .fill.middle { fill: light-dark(#c98a1b, #e0a84a) }
.share .fill.low { fill: light-dark(#cc4b57, #e8707a) }
:host(:dir(rtl)) .share svg { transform: scaleX(-1) }

.notice { display: grid; justify-items: center; gap: .35em; padding: 3.2em 1.5em; text-align: center; text-wrap: balance }
.notice .badge { display: grid; place-items: center; inline-size: 3.2em; block-size: 3.2em; margin-block-end: .6em; border-radius: 50%; background: var(--_calm-soft); color: var(--_calm) }
.notice .badge .icon { inline-size: 1.5em; block-size: 1.5em }
.notice.error .badge { background: var(--_bad-soft); color: var(--_bad) }
.notice.rate-limited .badge, .notice.offline .badge { background: var(--_warn-soft); color: var(--_warn) }
.notice p { color: var(--_muted); max-inline-size: 34em }
.notice .button { margin-block-start: 1em }

.bone { display: block; block-size: .8em; border-radius: 99px; background: var(--_calm-soft) }
.bone.round { block-size: 2.2em; inline-size: 2.2em; flex: none }
.bone.w1 { inline-size: 30% } .bone.w2 { inline-size: 46% } .bone.w3 { inline-size: 64% } .bone.w4 { inline-size: 82% }
@media (prefers-reduced-motion: no-preference) {
  .bone { animation: breathe 1.6s ease-in-out infinite }
  .button, .link { transition: background-color .12s, color .12s }
}
@keyframes breathe { 50% { opacity: .45 } }
@media (forced-colors: active) {
  .chip, .avatar, .notice .badge { border: 1px solid CanvasText }
  .share .track { fill: Canvas; stroke: CanvasText } .share .fill, .share .fill.low, .share .fill.middle { fill: CanvasText }
  .bone { border: 1px solid GrayText }
}
`
