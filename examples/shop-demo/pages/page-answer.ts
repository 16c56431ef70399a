import { html, type SafeHtml } from './html.js'

/** What differs between the pages. */
export interface PageParts {
  readonly title: string
  readonly body: SafeHtml
  /** Name of the script that paints the page before it shows: `<name>-look.js`. */
  readonly look?: string
  /** Name of the module that makes the page work: `<name>.js`. */
  readonly script?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A whole page as an answer. */
export function pageAnswer({ title, body, look, script, status = 200, headers }: PageParts): Response {
  // The first script is not deferred: styles come from it, and the page must not be seen without them.
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${look && html`<script src="/assets/${look}-look.js"></script>`}
${script && html`<script type="module" src="/assets/${script}.js"></script>`}
</head>
<body>
${body}
</body>
</html>
`
  return new Response(document.toString(), {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
}
