const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** Up is marked above the number and down beneath it, so that the direction does not rest on color. */
const flash = (element: Element, rose: boolean): void => {
  const edge = rose ? 'inset 0 2px var(--color-up)' : 'inset 0 -2px var(--color-down)'
  element.animate({ boxShadow: [edge, edge, 'inset 0 0 transparent'] }, 300)
}

/** Flashes for 300 ms each number whose value really changed; never when the reader asked for calm. */
export const flashChanges = (): void => {
  new MutationObserver((changes) => {
    if (calm.matches) return
    for (const { target, oldValue } of changes) {
      const element = target as HTMLElement
      const [before, after] = [Number(oldValue), Number(element.dataset['flash'])]
      if (oldValue !== null && before !== after) flash(element, after > before)
    }
  }).observe(document.body, { subtree: true, attributeFilter: ['data-flash'], attributeOldValue: true })
}
