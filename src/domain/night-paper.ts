import type { InstrumentId } from './instruments/instrument.ts'
import type { Side } from './signals/focus-card.ts'

/** A market as the night sees it for tomorrow; prices in points. Not a card yet: the morning draws those. */
export type FocusDraft = {
  readonly instrument: InstrumentId
  readonly bias: Side | 'neutral'
  readonly quality: number
  readonly excluded: boolean
  readonly close: number
  readonly levels: readonly { readonly name: string; readonly price: number }[]
  readonly words: string
}

/** What the live engine and its replay, or the backtest, say of one card, where the two are not the same. */
export type ParityDifference = {
  readonly cardId: string
  readonly what: 'drawn' | 'transition'
  readonly live: string
  readonly replayed: string
  /** Why, where it is known: 'a bar of 09:31 was corrected after the card was drawn'. */
  readonly explained?: string
}

/** What was compared with the live engine's day: cards, its changes of state, and where the two part. */
export type Compared = {
  readonly cards: number
  readonly transitions: number
  readonly differences: readonly ParityDifference[]
}

/** The engine's replay; beside it the backtest, which papers of older versions do not have. */
export type Parity = Compared & { readonly backtest?: Compared }

/** One line of the nightly summary. */
export type SummaryLine = { readonly about: string; readonly words: string; readonly tone: 'plain' | 'good' | 'bad' }

/** What a night writes of a trade date. */
export type NightPaper =
  | {
      readonly kind: 'focus'
      readonly draft: 'first' | 'refreshed'
      readonly asOf: number
      readonly markets: readonly FocusDraft[]
    }
  | ({ readonly kind: 'parity' } & Parity)
  | { readonly kind: 'summary'; readonly lines: readonly SummaryLine[] }
