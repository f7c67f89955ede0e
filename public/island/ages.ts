import { ageText, freshnessOf } from '../../views/age.ts'

let clockText: string | undefined
let offset = 0

/** The server's wall clock, by the newest clock fragment; it runs on when the stream is dead. */
const serverNow = (): number => {
  const wall = document.getElementById('clock')?.dataset['wall']
  if (wall !== undefined && wall !== clockText) {
    clockText = wall
    offset = Number(wall) - Date.now()
  }
  return Date.now() + offset
}

const write = (element: Element | null, text: string): void => {
  if (element && element.textContent !== text) element.textContent = text
}

/** Rewrites every age on the page, marks the numbers that grew old, and counts on what has lasted since. */
export const tickAges = (): void => {
  const now = serverNow()
  for (const element of document.querySelectorAll<HTMLElement>('[data-since]'))
    write(element, ageText(now - Number(element.dataset['since'])))
  for (const element of document.querySelectorAll<HTMLElement>('[data-received-at]')) {
    const age = now - Number(element.dataset['receivedAt'])
    write(element.querySelector('[data-age]'), ageText(age))
    const freshness = freshnessOf(age)
    if (element.dataset['freshness'] !== freshness) element.dataset['freshness'] = freshness
  }
}
