const storageKey = 'lantern-theme'

/** Applies the theme that was chosen before; without a choice the system decides. */
export function applyTheme(): void {
  const chosen = localStorage.getItem(storageKey)
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen
}

/** Whether the page is dark now. */
export function isDark(): boolean {
  const { theme } = document.documentElement.dataset
  return theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
}

/** Changes the theme and remembers it. */
export function chooseTheme(theme: 'light' | 'dark'): void {
  localStorage.setItem(storageKey, theme)
  document.documentElement.dataset.theme = theme
}
