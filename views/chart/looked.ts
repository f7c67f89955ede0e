import type { LookedAt } from '#src/domain/chart/looked-at.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import { formatInstant } from '../format.ts'

/** The instant a chart is looked at, epoch ms, with the bar shown for it and what there is to say of that. */
export type Looked = {
  readonly at: number
  /** When that bar began, epoch ms; absent where the newest bars are shown. */
  readonly bar?: number
  readonly words: string
}

/** What is said where a chart does not hold the instant; nothing where it does, or where the page says that it has no bars. */
export const lookedWords = (found: LookedAt, timeframe: Timeframe, shownBy: Timeframe | undefined): string => {
  switch (found.kind) {
    case 'between':
      return `No bar of ${timeframe} holds this instant: the last before it is marked.`
    case 'older': {
      const { time, tradeDate } = found.oldest
      const reach = timeframe === '1d' ? tradeDate : formatInstant(time)
      const elsewhere = shownBy === undefined ? '' : ` ${shownBy} shows it.`
      return `The chart of ${timeframe} reaches back to ${reach}; this instant is older, and the newest bars are shown.${elsewhere}`
    }
    case 'later':
      return `The bars of ${timeframe} do not reach this instant yet: the newest are shown.`
    default:
      return ''
  }
}
