/** What both pages share: the reset, the two themes, text for screen readers, focus. */
export const commonStyles = `
:root { color-scheme: light dark; -webkit-text-size-adjust: 100%; font-family: Inter, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif; font-size: 16px; line-height: 1.5; -webkit-font-smoothing: antialiased }
:root[data-theme="light"] { color-scheme: light }
:root[data-theme="dark"] { color-scheme: dark }
*, ::before, ::after { box-sizing: border-box }
body, h1, h2, h3, p, ul, ol, dl, dd, figure, table { margin: 0; padding: 0 }
ul, ol { list-style: none }
table { border-collapse: collapse }
th { font: inherit; text-align: start }
button, input, select, textarea { font: inherit; color: inherit }
button { cursor: pointer }
svg { display: block; flex: none }
[hidden] { display: none !important }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.skip { position: absolute; inset: .5rem auto auto .5rem; z-index: 10; padding: .6rem 1rem; border-radius: .5rem; background: var(--surface); color: var(--text); translate: 0 -200% }
.skip:focus { translate: none }
main:focus { outline: none }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
rapport-customer-table:not(:defined), rapport-customer-card:not(:defined), rapport-ticket-list:not(:defined) { display: block; min-block-size: 12rem }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth } }
`
