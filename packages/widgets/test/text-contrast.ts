/**
 * The contrast ratio (WCAG 2.2, 1.4.3) of every piece of text inside a shadow root against the nearest opaque background
 * behind it. axe leaves text over clipped or positioned boxes undecided; this decides.
 */
export function textContrasts(root: ShadowRoot): { readonly text: string; readonly ratio: number }[] {
  const contrasts: { text: string; ratio: number }[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim()
    const element = node.parentElement
    if (!text || !element || element.closest('.hidden')) continue
    contrasts.push({ text, ratio: ratioOf(channels(getComputedStyle(element).color), backgroundOf(element)) })
  }
  return contrasts
}

type Channels = readonly [red: number, green: number, blue: number, alpha: number]

function backgroundOf(element: Element): Channels {
  for (let node: Element | null = element; node; node = parentOf(node)) {
    const color = channels(getComputedStyle(node).backgroundColor)
    if (color[3] === 1) return color
    if (color[3] !== 0) throw new Error(`A see-through background: ${node.className}`)
  }
  throw new Error('No background')
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode()
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}

function channels(color: string): Channels {
  const [red, green, blue, alpha = 1] = (/^rgba?\((.*)\)$/.exec(color)?.[1] ?? '').split(/[,\s/]+/).map(Number)
  if (red === undefined || green === undefined || blue === undefined) throw new Error(`Not an rgb colour: ${color}`)
  return [red, green, blue, alpha]
}

function ratioOf(one: Channels, other: Channels): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance([red, green, blue]: Channels): number {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
