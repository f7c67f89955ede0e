import type { Indicator } from './indicator.ts'

/** A pile of inputs, each knowing the extreme of itself and all below it. Piles share what lies below; none is ever changed. */
type Pile = { readonly input: number; readonly extreme: number; readonly below: Pile | undefined }

/** The window as two piles: `coming` holds the newest on top; `going` holds the rest, the oldest on top. */
export type Extreme = {
  readonly held: number
  readonly coming: Pile | undefined
  readonly going: Pile | undefined
}

/** A queue of two piles keeps the extreme without looking at the window again: three steps per input, whatever the length. */
const extreme = (length: number, further: (a: number, b: number) => number): Indicator<Extreme, number> => {
  const onto = (below: Pile | undefined, input: number): Pile => ({
    input,
    extreme: below === undefined ? input : further(input, below.extreme),
    below,
  })
  const turned = (pile: Pile | undefined): Pile | undefined => {
    let over: Pile | undefined
    for (let top = pile; top !== undefined; top = top.below) over = onto(over, top.input)
    return over
  }
  return {
    warmup: length,
    initial: { held: 0, coming: undefined, going: undefined },
    step: ({ held, coming, going }, input) => {
      const pile = onto(coming, input)
      if (held < length) return { held: held + 1, coming: pile, going }
      return going === undefined
        ? { held, coming: undefined, going: turned(pile)?.below }
        : { held, coming: pile, going: going.below }
    },
    value: ({ held, coming, going }) => {
      if (held < length) return Number.NaN
      if (coming === undefined || going === undefined) return (coming ?? going)?.extreme ?? Number.NaN
      return further(coming.extreme, going.extreme)
    },
  }
}

/** The highest of the last `length` inputs, in their unit. TradingView `ta.highest`. */
export const highest = (length: number): Indicator<Extreme, number> => extreme(length, Math.max)

/** The lowest of the last `length` inputs, in their unit. TradingView `ta.lowest`. */
export const lowest = (length: number): Indicator<Extreme, number> => extreme(length, Math.min)
