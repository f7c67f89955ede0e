/** Dollars per point and contract, from the exchange's own pages; apart from the product's table of ticks on purpose. */
const multipliers: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  GC: [100n, 1n],
  MGC: [10n, 1n],
  SI: [5_000n, 1n],
  SIL: [1_000n, 1n],
  CL: [1_000n, 1n],
  MCL: [100n, 1n],
  HG: [25_000n, 1n],
  MHG: [2_500n, 1n],
  ES: [50n, 1n],
  MES: [5n, 1n],
  NQ: [20n, 1n],
  MNQ: [2n, 1n],
  RTY: [50n, 1n],
  M2K: [5n, 1n],
  YM: [5n, 1n],
  MYM: [1n, 2n],
}

/** One execution with its decimals as text. */
export type WrittenFill = {
  readonly market: string
  readonly bought: boolean
  readonly quantity: number
  readonly price: string
  readonly feePerSide: string
}

/** '5.0125' as 50125n. */
const scaled = (text: string): bigint => {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)\.?(\d{0,4})$/.exec(text) ?? []
  const size = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0'))
  return sign === '-' ? -size : size
}

type Contract = { readonly bought: boolean; readonly price: bigint; readonly fee: bigint }

/** Contract by contract, in exact decimals: each one bought or sold alone, the first in is the first out. */
export const reckonSlowly = (fills: readonly WrittenFill[]) => {
  const open: Contract[] = []
  let gross = 0n
  let net = 0n
  let roundTrips = 0
  for (const { market, bought, quantity, price, feePerSide } of fills) {
    const [numerator, denominator] = multipliers[market] ?? [0n, 1n]
    for (let i = 0; i < quantity; i++) {
      const now: Contract = { bought, price: scaled(price), fee: scaled(feePerSide) }
      const first = open[0]
      if (first === undefined || first.bought === bought) {
        open.push(now)
        continue
      }
      open.shift()
      const points = first.bought ? now.price - first.price : first.price - now.price
      const made = (points * numerator) / denominator
      gross += made
      net += made - first.fee - now.fee
      if (open.length === 0) roundTrips++
    }
  }
  return { gross, net, roundTrips, held: open.reduce((sum, one) => sum + (one.bought ? 1 : -1), 0) }
}
