import { expect, test } from 'vitest'
import { hasOracles, oracleRows } from '#src/testing/oracles.ts'
import type { Bar } from '../market/bar.ts'
import { fairValueGaps, type LivingGap } from './fair-value-gap.ts'
import { type LiquidityPool, liquidityPools } from './liquidity-pool.ts'
import { type OrderBlock, orderBlocks } from './order-block.ts'
import { type PriorRange, type PriorState, priorRange } from './prior-levels.ts'
import { type StructureShift, structureShifts } from './structure-shift.ts'
import { type Swing, swings } from './swing.ts'

/**
 * smart-money-concepts 0.0.27 on 24,424 bars, row by row. It marks swings and gaps on bars before they can be known; what
 * is compared is shifted accordingly. A bar's time here is its row. Every row falls into a named class; none is left over.
 */
const folder = 'oracles/smc'
const rows = hasOracles ? oracleRows(`${folder}/EURUSD_15M.csv.gz`, 'Date', 'Open', 'High', 'Low', 'Close') : []
const bars: readonly Bar[] = rows.map(({ Open, High, Low, Close }, time) => ({
  time,
  open: Number(Open),
  high: Number(High),
  low: Number(Low),
  close: Number(Close),
  volume: 0,
}))

const tally = (classes: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const each of classes) counts[each] = (counts[each] ?? 0) + 1
  return counts
}

type Kind = Swing['kind']
const kinds = ['high', 'low'] as const

/** A bar's extreme as a height that grows away from the market's middle, so that highs and lows compare alike. */
const height = (kind: Kind, row: number): number => {
  const bar = bars[row]
  return bar === undefined ? Number.NaN : kind === 'high' ? bar.high : -bar.low
}
const priceAt = (kind: Kind, row: number): number => Math.abs(height(kind, row))

/** Their prices are rounded to single precision; all of the file have five decimals. */
const asPrice = (text: string): number => Number(Number(text).toFixed(5))

type Turn = { readonly kind: Kind; readonly row: number }
const known = 5

const theirTurns: readonly Turn[] = hasOracles
  ? oracleRows(`${folder}/swing_highs_lows_result_data.csv.gz`, 'HighLow').flatMap(({ HighLow }, row) =>
      HighLow === '' ? [] : [{ kind: HighLow === '1.0' ? 'high' : 'low', row } as const],
    )
  : []
/** Their first and last turns are made up: row 0 and the last row are always turns. */
const real = theirTurns.slice(1, -1)

/** Their swings as the folds take them: made known five bars later. */
const confirmedAt = new Map<number, readonly Swing[]>()
for (const { kind, row } of real)
  confirmedAt.set(row + known, [
    ...(confirmedAt.get(row + known) ?? []),
    { kind, price: priceAt(kind, row), at: row, knownAt: row + known },
  ])
const confirmedBy = (row: number): readonly Swing[] => confirmedAt.get(row) ?? []

test.skipIf(!hasOracles)('fair value gaps: every row, its edges and the bar that came back', () => {
  const fold = fairValueGaps()
  let state = fold.initial
  const found = new Map<number, LivingGap>()
  for (const bar of bars) {
    state = fold.step(state, bar)
    for (const gap of [...state.open.slice(-1), ...state.finished]) found.set(gap.at, gap)
    for (const gap of state.open) if (gap.lifeAt === bar.time) found.set(gap.at, gap)
  }
  const theirs = oracleRows(`${folder}/fvg_result_data.csv.gz`, 'FVG', 'Top', 'Bottom', 'MitigatedIndex')
  const classes = theirs.map((row, middle) => {
    const gap = found.get(middle + 1)
    if (gap === undefined) return row.FVG === '' ? 'none' : 'theirs alone'
    const [low, high] = gap.side === 'long' ? [gap.low, gap.edge] : [gap.edge, gap.high]
    const { open, close } = bars[middle] as Bar
    if (!(gap.side === 'long' ? close > open : close < open))
      return row.FVG === '' ? 'middle bar points the other way' : 'theirs alone'
    const told = [gap.side === 'long' ? 1 : -1, high, low, gap.touchedAt ?? 0]
    const said = [row.FVG, row.Top, row.Bottom, row.MitigatedIndex].map(Number)
    return said.join() === told.join() ? 'equal' : 'different'
  })
  expect(tally(classes)).toEqual({ none: 19_363, equal: 5020, 'middle bar points the other way': 41 })
})

test.skipIf(!hasOracles)('swings, five bars on each side', () => {
  const fold = swings(known)
  let state = fold.initial
  const ours = { high: new Set<number>(), low: new Set<number>() }
  for (const bar of bars) {
    state = fold.step(state, bar)
    for (const { kind, at } of state.confirmed) ours[kind].add(at)
  }
  const theirs = { high: new Set<number>(), low: new Set<number>() }
  for (const { kind, row } of theirTurns) theirs[kind].add(row)
  const theirsAlone = (kind: Kind, row: number): string => {
    if (row === 0 || row === bars.length - 1) return 'theirs: the first and last row are made turns'
    const near = [-4, -3, -2, -1, 1, 2, 3, 4, 5].map((step) => height(kind, row + step))
    if (near.some((each) => each > height(kind, row))) return 'unexplained'
    if (near.includes(height(kind, row))) return 'theirs: a bar as far is let stand'
    return height(kind, row - 5) >= height(kind, row) ? 'theirs: only four bars before are asked' : 'unexplained'
  }
  const oursAlone = (kind: Kind, row: number): string => {
    const beside = [real.findLast((turn) => turn.row < row), real.find((turn) => turn.row > row)]
    const outdone = beside.some((turn) => turn?.kind === kind && height(kind, turn.row) >= height(kind, row))
    return outdone ? 'ours: dropped by them for a farther one of its kind beside it' : 'unexplained'
  }
  const classes = kinds.flatMap((kind) =>
    bars.flatMap(({ time: row }) => {
      if (ours[kind].has(row)) return [theirs[kind].has(row) ? 'equal' : oursAlone(kind, row)]
      return theirs[kind].has(row) ? [theirsAlone(kind, row)] : []
    }),
  )
  expect(tally(classes)).toEqual({
    equal: 2418,
    'theirs: a bar as far is let stand': 151,
    'theirs: only four bars before are asked': 137,
    'theirs: the first and last row are made turns': 2,
    'ours: dropped by them for a farther one of its kind beside it': 399,
  })
})

/** Every shift their swings make. */
const shiftsOf = (): readonly StructureShift[] => {
  let state = structureShifts.initial
  const out: StructureShift[] = []
  for (const bar of bars) {
    const next = structureShifts.step(state, bar, confirmedBy(bar.time))
    if (next.last !== undefined && next.last !== state.last) out.push(next.last)
    state = next
  }
  return out
}

const theirBreaks = () =>
  oracleRows(`${folder}/bos_choch_result_data.csv.gz`, 'BOS', 'CHOCH', 'Level', 'BrokenIndex').flatMap(
    ({ BOS, CHOCH, Level, BrokenIndex }, row) =>
      BOS === '' && CHOCH === ''
        ? []
        : [
            {
              row,
              kind: BOS === '' ? 'CHoCH' : 'BOS',
              side: Number(BOS || CHOCH) === 1 ? 'long' : 'short',
              level: Number(Level),
              broken: Number(BrokenIndex),
            } as const,
          ],
  )

test.skipIf(!hasOracles)('structure shifts on their swings', () => {
  const ours = new Map(shiftsOf().map((shift) => [shift.swingAt, shift]))
  const theirs = theirBreaks()
  const classOf = ({ row, kind, side, level, broken }: (typeof theirs)[number]): string => {
    const shift = ours.get(row)
    if (shift === undefined) {
      const turn = side === 'long' ? 'high' : 'low'
      const newer = real.find((each) => each.kind === turn && each.row > row)
      if (newer !== undefined && newer.row + known < broken) return 'theirs: a newer swing was known before the break'
      const { close } = bars[broken] as Bar
      return close === priceAt(turn, row) ? 'theirs: a close on the level, rounded' : 'unexplained'
    }
    if (shift.side !== side || Math.fround(shift.price) !== Math.fround(level)) return 'unexplained'
    const rounded = (bars[broken] as Bar).close === shift.price
    const when = shift.at === broken ? 'same bar' : rounded ? 'theirs: a close on the level, rounded' : 'unexplained'
    return shift.kind === kind ? `${when}, same kind` : `${when}, they say ${kind}`
  }
  expect(tally(theirs.map(classOf))).toEqual({
    'same bar, same kind': 815,
    'same bar, they say BOS': 212,
    'same bar, they say CHoCH': 53,
    'theirs: a close on the level, rounded, same kind': 13,
    'theirs: a close on the level, rounded, they say BOS': 4,
    'theirs: a close on the level, rounded': 2,
    'theirs: a newer swing was known before the break': 30,
  })

  const theirRows = new Set(theirs.map(({ row }) => row))
  const oursAlone = ({ swingAt, side }: StructureShift): string => {
    const i = theirTurns.findIndex(({ row }) => row === swingAt)
    const sign = side === 'long' ? 1 : -1
    const four = theirTurns.slice(i - 1, i + 3).map(({ kind, row }) => sign * priceAt(kind, row))
    const [before = 0, level = 0, back = 0] = four
    if (new Set(four).size < 4) return 'ours: two of the four swings are equal'
    return before > level || back > level
      ? 'ours: the opposite swing before or after it lies beyond the level'
      : 'unexplained'
  }
  expect(tally([...ours.values()].filter(({ swingAt }) => !theirRows.has(swingAt)).map(oursAlone))).toEqual({
    'ours: two of the four swings are equal': 5,
    'ours: the opposite swing before or after it lies beyond the level': 8,
  })
})

test.skipIf(!hasOracles)('order blocks on their swings', () => {
  let shifts = structureShifts.initial
  let state = orderBlocks.initial
  const turns = swings(known)
  let turned = turns.initial
  const ours = new Map<string, OrderBlock & { readonly until?: number }>()
  const keyOf = ({ side, originAt }: OrderBlock): string => `${side} ${originAt}`
  for (const bar of bars) {
    turned = turns.step(turned, bar)
    const confirmed = confirmedBy(bar.time)
    const next = structureShifts.step(shifts, bar, confirmed)
    const shift = next.last === shifts.last ? undefined : next.last
    shifts = next
    state = orderBlocks.step(state, bar, { window: turned.window, confirmed }, shift)
    for (const block of [...state.open.slice(-1), ...state.finished]) if (!block.breaker) ours.set(keyOf(block), block)
  }
  const theirs = oracleRows(`${folder}/ob_result_data.csv.gz`, 'OB', 'Top', 'Bottom', 'MitigatedIndex').flatMap(
    ({ OB, Top, Bottom, MitigatedIndex }, row) =>
      OB === ''
        ? []
        : [{ row, side: OB === '1.0' ? 'long' : 'short', Top, Bottom, until: Number(MitigatedIndex) } as const],
  )
  const classOf = ({ row, side, Top, Bottom, until }: (typeof theirs)[number]): string => {
    const block = ours.get(`${side} ${row}`)
    if (block === undefined) return 'unexplained'
    if (block.at < block.originAt) {
      const { open, close } = bars[row] as Bar
      return (side === 'long' ? close >= open : close <= open)
        ? 'the furthest bar is no bar against the move: ours is the last one before it'
        : 'unexplained'
    }
    if (block.high !== asPrice(Top) || block.low !== asPrice(Bottom)) return 'unexplained'
    // A bull block's end they write a row early, a bear block's not.
    const theirEnd = until === 0 ? undefined : side === 'long' ? until + 1 : until
    return theirEnd === block.until ? (until === 0 ? 'equal, stands' : 'equal, broken by the same bar') : 'unexplained'
  }
  expect(tally(theirs.map(classOf))).toEqual({
    'equal, stands': 23,
    'equal, broken by the same bar': 8,
    'the furthest bar is no bar against the move: ours is the last one before it': 35,
  })
  // They erase a block once price is back beyond it; ours are remembered.
  expect(ours.size).toBe(1105)
})

/** They call equal what lies within a hundredth of the whole file's range, which nobody knew at the time. */
const reachOf = (): number =>
  0.01 * (Math.max(...bars.map(({ high }) => high)) - Math.min(...bars.map(({ low }) => low)))

/** A pool or group by the rows of its swings; `end` is the row that ended it. */
type Group = { readonly kind: Kind; readonly swings: readonly number[]; readonly end: number | undefined }

/** Every pool of ours on their swings and with their reach. */
const ourPools = (reach: number): readonly Group[] => {
  const swingsOf = new Map<string, number[]>()
  const ends = new Map<string, number>()
  const keyOf = ({ kind, at, knownAt }: LiquidityPool): string => `${kind} ${at} ${knownAt}`
  let state = liquidityPools.initial
  for (const bar of bars) {
    const before = state
    state = liquidityPools.step(before, bar, confirmedBy(bar.time), 10 * reach)
    if (state === before) continue
    const paired = before.lone.filter((swing) => !state.lone.includes(swing))
    for (const pool of state.open.filter((each) => !before.open.includes(each))) {
      const partners = paired.filter(({ kind, price }) => kind === pool.kind && Math.abs(price - pool.price) <= reach)
      const known = swingsOf.get(keyOf(pool))
      if (known === undefined) swingsOf.set(keyOf(pool), [...partners.map(({ at }) => at), pool.lastAt])
      else if (known.at(-1) !== pool.lastAt) known.push(pool.lastAt)
    }
    for (const pool of state.finished) if (pool.until === bar.time) ends.set(keyOf(pool), pool.until)
  }
  return [...swingsOf].map(([key, rowsOf]) => ({
    kind: key.startsWith('high') ? 'high' : 'low',
    swings: rowsOf,
    end: ends.get(key),
  }))
}

/** They tell a group's first and last swing; between are those within reach of the first that no group before has taken. */
const theirGroups = (reach: number): readonly Group[] => {
  const taken = { high: new Set<number>(), low: new Set<number>() }
  return oracleRows(`${folder}/liquidity_result_data.csv.gz`, 'Liquidity', 'End', 'Swept').flatMap((told, first) => {
    if (told.Liquidity === '') return []
    const kind = told.Liquidity === '1.0' ? 'high' : 'low'
    const among = theirTurns.filter(
      ({ kind: own, row }) =>
        own === kind &&
        row >= first &&
        row <= Number(told.End) &&
        !taken[kind].has(row) &&
        Math.abs(height(kind, row) - height(kind, first)) <= reach,
    )
    for (const { row } of among) taken[kind].add(row)
    return [{ kind, swings: among.map(({ row }) => row), end: Number(told.Swept) || undefined }]
  })
}

test.skipIf(!hasOracles)('liquidity on their swings', () => {
  const reach = reachOf()
  const pools = ourPools(reach)
  const groups = theirGroups(reach)
  const poolAt = ({ kind, swings: [first] }: Group): Group | undefined =>
    pools.find((pool) => pool.kind === kind && pool.swings[0] === first)
  const isInAnother = (kind: Kind, row: number): boolean =>
    pools.some((pool) => pool.kind === kind && pool.swings.slice(1).includes(row))

  const classOf = (group: Group): string => {
    const { kind, swings: theirs } = group
    const pool = poolAt(group)
    if (theirs[0] === 0) return 'theirs: begins with the turn made of row 0'
    if (pool?.swings.join() === theirs.join()) return 'the same swings'
    const missing = theirs.filter((row) => pool?.swings.includes(row) !== true)
    if (
      pool?.end !== undefined &&
      pool.end <= (missing[0] ?? 0) + known &&
      pool.swings.every((row, i) => row === theirs[i])
    )
      return 'ours: traded beyond before their next swing was known'
    const line = Math.max(...(pool?.swings ?? []).map((row) => height(kind, row)))
    if (pool !== undefined && missing.some((row) => Math.abs(height(kind, row) - line) > reach))
      return 'theirs: a swing within reach of the first, not of the furthest'
    return missing.some((row) => isInAnother(kind, row)) ? 'ours: a swing of it belongs to another pool' : 'unexplained'
  }
  expect(tally(groups.map(classOf))).toEqual({
    'the same swings': 211,
    'ours: traded beyond before their next swing was known': 208,
    'ours: a swing of it belongs to another pool': 53,
    'theirs: a swing within reach of the first, not of the furthest': 25,
    'theirs: begins with the turn made of row 0': 1,
  })

  // Ours ends when price trades beyond the furthest, decided within three bars; theirs once it is a whole reach beyond the first.
  const endOf = (group: Group): string => {
    const [own = Number.POSITIVE_INFINITY, end = Number.POSITIVE_INFINITY] = [poolAt(group)?.end, group.end]
    if (own === end) return group.end === undefined ? 'both stand' : 'same bar'
    return own < end ? 'ours earlier' : own <= end + 2 ? 'ours decided a bar or two later' : 'unexplained'
  }
  expect(tally(groups.filter((group) => classOf(group) === 'the same swings').map(endOf))).toEqual({
    'both stand': 14,
    'same bar': 16,
    'ours earlier': 137,
    'ours decided a bar or two later': 44,
  })

  const oursAlone = ({ kind, swings: own }: Group): string => {
    const shared = groups.filter((group) => group.kind === kind && group.swings.some((row) => own.includes(row)))
    if (shared.some(({ swings: [first] }) => first === own[0])) return 'first swing of a group of theirs'
    return shared.length > 0 ? 'swings of a group they keep after it was traded beyond' : 'unexplained'
  }
  expect(tally(pools.map(oursAlone))).toEqual({
    'first swing of a group of theirs': 445,
    'swings of a group they keep after it was traded beyond': 307,
  })
})

/** Our prior range after each row, for periods of their naming. */
const priorsOf = (times: readonly number[], periodOf: (time: number) => number): readonly PriorState[] => {
  let state = priorRange.initial
  return bars.map((bar, row) => {
    state = priorRange.step(state, bar, periodOf(times[row] ?? Number.NaN))
    return state
  })
}

const hour = 3_600_000
const timesOf = (): readonly number[] =>
  rows.map(({ Date: text }) => Date.parse(`${text.replaceAll('.', '-').replace(' ', 'T')}Z`))
const theirPriors = (name: string) =>
  oracleRows(
    `${folder}/previous_high_low_result_data_${name}.csv.gz`,
    'PreviousHigh',
    'PreviousLow',
    'BrokenHigh',
    'BrokenLow',
  )
const pairOf = (prior: PriorRange | undefined): string => (prior === undefined ? '' : `${prior.high} ${prior.low}`)

test.skipIf(!hasOracles).each([
  ['4h', 4 * hour, { equal: 21_793, boundary: 1526, firstBar: 1044, rounded: 61 }],
  ['1D', 24 * hour, { equal: 23_643, boundary: 253, firstBar: 505, rounded: 23 }],
] as const)('the high and low of the %s before', (name, span, expected) => {
  const times = timesOf()
  const ours = priorsOf(times, (time) => Math.floor(time / span))
  const classes = theirPriors(name).map(({ PreviousHigh, PreviousLow, BrokenHigh, BrokenLow }, row) => {
    const { prior, running } = ours[row] as PriorState
    const said = PreviousHigh === '' ? '' : `${Number(PreviousHigh)} ${Number(PreviousLow)}`
    // They count a period as begun from its second bar on.
    if (said !== pairOf(prior))
      return running?.at === row && times[row] === Math.floor((times[row] ?? 0) / span) * span
        ? 'boundary'
        : 'unexplained'
    const broken = [Number(prior?.highBrokenAt !== undefined), Number(prior?.lowBrokenAt !== undefined)].join()
    if (broken === `${BrokenHigh},${BrokenLow}`) return 'equal'
    if (prior?.highBrokenAt === running?.at || prior?.lowBrokenAt === running?.at) return 'firstBar'
    return running?.high === prior?.high || running?.low === prior?.low ? 'rounded' : 'unexplained'
  })
  expect(tally(classes)).toEqual(expected)
})

test.skipIf(!hasOracles)('the high and low of the week before: theirs are of the week before that', () => {
  const times = timesOf()
  const week = 7 * 24 * hour
  // Their weeks end with midnight at the start of Sunday, and are named by that end.
  const ours = priorsOf(times, (time) => Math.ceil((time - 72 * hour) / week))
  const priors: (PriorRange | undefined)[] = [undefined, undefined]
  const classes = theirPriors('W').map(({ PreviousHigh, PreviousLow }, row) => {
    const { prior, running } = ours[row] as PriorState
    if (running?.at === row) priors.push(prior)
    const said = PreviousHigh === '' ? '' : `${Number(PreviousHigh)} ${Number(PreviousLow)}`
    return said === pairOf(priors.at(-2)) ? 'a week late' : said === pairOf(prior) ? 'equal' : 'unexplained'
  })
  expect(tally(classes)).toEqual({ 'a week late': 24_424 })
})
