import { z } from 'zod'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { ContractSpec } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { isOnGrid } from '#src/domain/instruments/ticks.ts'
import { type Bar, minuteMs } from '#src/domain/market/bar.ts'
import type { Field, Layout } from './layout.ts'
import { parseTime, type TimeRefusal } from './local-time.ts'

/** Why a row was not imported. */
export type RowRefusal =
  | TimeRefusal
  | 'missing-column'
  | 'not-a-whole-minute'
  | 'unparsable-price'
  | 'unparsable-volume'
  | 'negative-volume'
  | 'no-price'
  | 'off-grid-price'
  | 'high-below-low'
  | 'outside-high-low'
  | 'unknown-contract'
  | 'duplicate-time'
  | 'far-from-others'

type ParsedRow =
  | { readonly ok: true; readonly contract: number; readonly bar: Bar }
  | { readonly ok: false; readonly reason: RowRefusal }

const price = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'unparsable-price')
  .transform(Number)

const cells = z.object({
  time: z.string().min(1, 'unparsable-time'),
  open: price,
  high: price,
  low: price,
  close: price,
  volume: z
    .string()
    .regex(/^-?\d+(\.0+)?$/, 'unparsable-volume')
    .transform(Number)
    .pipe(z.number().min(0, 'negative-volume')),
  contract: z
    .string()
    .regex(/^(19|20)\d\d(0[1-9]|1[0-2])$/, 'unknown-contract')
    .transform(Number)
    .optional(),
})
type Cells = z.infer<typeof cells>

const refuse = (reason: RowRefusal): ParsedRow => ({ ok: false, reason })

/** Crude has been sold below nothing (April 2020); of everything else 0 is no price. */
const mayBeNegative = ({ group }: ContractSpec): boolean => group === 'energy'

const faultOf = (spec: ContractSpec, { open, high, low, close }: Cells): RowRefusal | undefined => {
  if (!mayBeNegative(spec) && Math.min(open, high, low, close) <= 0) return 'no-price'
  if (high < low) return 'high-below-low'
  if (Math.max(open, close) > high || Math.min(open, close) < low) return 'outside-high-low'
  return [open, high, low, close].every((each) => isOnGrid(spec, each)) ? undefined : 'off-grid-price'
}

/** The contract of a bar from the row, from what was told, or by the calendar of its trade date. */
const contractAt = (spec: ContractSpec, layout: Layout, named: number | undefined, time: number): number | undefined =>
  layout.contract === 'front'
    ? contractMonth(frontContract(spec.id, tradeDateAt(spec.group, time)))
    : (named ?? layout.contract)

/** Reads one row of a file as a bar of `spec`'s market; refuses what it cannot read, never repairing it. */
export const parseRow = (spec: ContractSpec, layout: Layout, row: readonly string[]): ParsedRow => {
  const places = Object.entries(layout.at) as readonly (readonly [Field, number])[]
  if (places.some(([, at]) => row[at] === undefined)) return refuse('missing-column')
  const parsed = cells.safeParse(Object.fromEntries(places.map(([field, at]) => [field, row[at]])))
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message as RowRefusal)
  const stamped = parseTime(parsed.data.time, layout.zone)
  if (!stamped.ok) return refuse(stamped.reason)
  const time = stamped.at - (layout.stamp === 'end' ? minuteMs : 0)
  if (time % minuteMs !== 0) return refuse('not-a-whole-minute')
  const fault = faultOf(spec, parsed.data)
  if (fault !== undefined) return refuse(fault)
  const contract = contractAt(spec, layout, parsed.data.contract, time)
  if (contract === undefined) return refuse('unknown-contract')
  const { open, high, low, close, volume } = parsed.data
  return { ok: true, contract, bar: { time, open, high, low, close, volume } }
}
