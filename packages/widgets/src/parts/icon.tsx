import type { JSX } from 'preact'

/** Outlines on a grid of 24. */
const outlines = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM20 20l-4-4',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  even: 'M6 12h12',
  chevron: 'M6 9l6 6 6-6',
  warning: 'M12 8v5M12 16.5v.1M10.3 4.3 2.9 17.2A2 2 0 0 0 4.6 20h14.8a2 2 0 0 0 1.7-2.8L13.7 4.3a2 2 0 0 0-3.4 0Z',
  offline:
    'M3 3l18 18M5 12.5a10 10 0 0 1 4.2-2.4M13.5 9.8a10 10 0 0 1 5.5 2.7M8.5 16a5 5 0 0 1 7 0M12 19.5v.1M2 8.8a15 15 0 0 1 4.7-2.9M10.6 5.1A15 15 0 0 1 22 8.8',
  lock: 'M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM8 11V8a4 4 0 0 1 8 0v3',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.5l3 1.8',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5a6 6 0 0 1 12 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.2a6 6 0 0 1 3.5 5.3',
  person: 'M12 4.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20a7.5 7.5 0 0 1 15 0',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  order: 'M6 8h12l1 11.5H5L6 8ZM9 8V7a3 3 0 0 1 6 0v1',
  activity: 'M4 12h3.5l2.5-7 4 14 2.5-7H20',
} as const

/** The name of an icon. */
export type IconName = keyof typeof outlines

/** An icon beside a text that says the same, so it is hidden from assistive technology. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  )
}
