const names = ['panel', 'line', 'edge', 'ink', 'soft', 'quiet', 'up', 'down', 'go', 'halt', 'warn', 'cool'] as const

/** The page's colors as the browser paints them now, in its theme and palette. */
export type Colors = Readonly<Record<(typeof names)[number], string>>

/** Reads the colors off a probe: a custom property alone does not say which of its two themes is on. */
export const readColors = (): Colors => {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.hidden = true
  const read = (name: string): string => {
    probe.style.color = `var(--color-${name})`
    return getComputedStyle(probe).color
  }
  const colors = Object.fromEntries(names.map((name) => [name, read(name)])) as Colors
  probe.remove()
  return colors
}

/** The color at a part of its strength, 0 to 1. */
export const faint = (color: string, strength: number): string =>
  color.replace(/^rgb\((.*)\)$/, (_, channels: string) => `rgba(${channels}, ${strength})`)
