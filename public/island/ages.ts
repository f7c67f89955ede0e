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

/** Rewrites every age on the page and marks the numbers that grew old. */
export const tickAges = (): void => {
  const now = serverNow()
  for (const element of document.querySelectorAll<HTMLElement>('[data-received-at]')) {
    const age = now - Number(element.dataset['receivedAt'])
    const text = ageText(age)
    const target = element.querySelector('[data-age]')
    if (target && target.textContent !== text) target.textContent = text
    const freshness = freshnessOf(age)
    if (element.dataset['freshness'] !== freshness) element.dataset['freshness'] = freshness
  }
}
