import { addDays, dayOf, easternMs } from '#src/domain/instruments/zone.ts'
import { createStream } from './stream.ts'

/** The shocks a driver deals out in the day that ends with `date`, one a minute, and their conditional variance. */
export type DriverDay = { readonly shock: Float64Array; readonly variance: Float64Array }

/** From 17:00 of the evening before: longer than any day the exchange has kept. */
const length = 25 * 60

/** Epoch ms of the first minute of the driver's day that ends with `date`. */
export const driverDayStart = (date: string): number => easternMs(addDays(date, -1), 17 * 60)

/** Drift of a trend and pull of chop, in standard deviations a minute; together they leave returns uncorrelated. */
const trendDrift = 0.13
const chopPull = 0.05

/**
 * Logarithmic volatility that forgets, wanders and answers large shocks: Nelson's EGARCH without its asymmetry, plus
 * a stochastic term. `memory` is a minute's; 0.97 halves a burst in 23 minutes.
 */
const memory = 0.97
const wander = 0.08
const answer = 0.07
const meanAbsNormal = Math.sqrt(2 / Math.PI)

/** Traces one driver's day: regimes of trend and chop lasting 30 to 180 minutes over clustered volatility. */
export const traceDriver = (seed: number, driver: number, date: string): DriverDay => {
  const chance = createStream(seed, driver, dayOf(date), 1)
  const shock = new Float64Array(length)
  const variance = new Float64Array(length)
  let logVolatility = 0.3 * chance.normal()
  let level = 0
  let anchor = 0
  let drift = 0
  let pull = 0
  let until = 0
  for (let i = 0; i < length; i++) {
    if (i >= until) {
      const kind = chance.uniform()
      drift = kind < 0.25 ? trendDrift : kind < 0.5 ? -trendDrift : 0
      pull = kind < 0.5 ? 0 : chopPull
      anchor = level
      until = i + 30 + Math.floor(150 * chance.uniform())
    }
    const volatility = Math.exp(logVolatility)
    const z = chance.normal()
    const step = volatility * (z + drift) - pull * (level - anchor)
    level += step
    shock[i] = step
    variance[i] = volatility * volatility
    logVolatility = memory * logVolatility + wander * chance.normal() + answer * (Math.abs(z) - meanAbsNormal)
  }
  return { shock, variance }
}
