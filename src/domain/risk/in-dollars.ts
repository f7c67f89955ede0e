import type { Money } from '../money.ts'

/** An amount in words, to the cent and no cents where there are none: '$1,250', '−$17.49'. */
export const inDollars = (money: Money): string => {
  const cents = Math.round(Math.abs(money) / 100)
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = cents % 100 === 0 ? '' : `.${String(cents % 100).padStart(2, '0')}`
  return `${money < 0 && cents > 0 ? '−' : ''}$${whole}${rest}`
}
