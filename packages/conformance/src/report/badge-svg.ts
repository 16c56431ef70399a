import type { ConformanceReport } from '../conformance-report.js'
import { type ConformanceBadge, conformanceBadge } from './conformance-badge.js'

const fills: Readonly<Record<ConformanceBadge['color'], string>> = {
  brightgreen: '#1a7f37',
  green: '#3d7a1f',
  red: '#b62324',
  lightgrey: '#656d76',
}

/** Width of a character of 11 px in pixels; `textLength` makes the text keep to it in every font. */
const characterWidth = 6.5
const padding = 6

/** The badge of a run as an SVG image of 20 px height that loads nothing; the message is its accessible name. */
export function badgeSvg(report: ConformanceReport): string {
  const { label, message, color } = conformanceBadge(report)
  const [left, right] = [textWidth(label), textWidth(message)]
  const [split, width] = [left + 2 * padding, left + right + 4 * padding]
  const title = `${escapeXml(label)}: ${escapeXml(message)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="20" rx="3" fill="${fills[color]}"/>`,
    `<path d="M3 0h${split - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#33383f"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    `<text x="${padding}" y="14" textLength="${left}">${escapeXml(label)}</text>`,
    `<text x="${split + padding}" y="14" textLength="${right}">${escapeXml(message)}</text>`,
    '</g>',
    '</svg>\n',
  ].join('\n')
}

function textWidth(text: string): number {
  return Math.ceil(text.length * characterWidth)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
