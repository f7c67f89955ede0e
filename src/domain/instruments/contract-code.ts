import { parseInstrumentId } from './contract-spec.ts'
import type { Contract, InstrumentId } from './instrument.ts'

/** The letters of the delivery months, January first. */
export const monthCodes = 'FGHJKMNQUVXZ'

/** A contract as the trader writes it: 'MGC Z6'. The year is its last digit. */
export const contractCode = ({ id, year, month }: Contract): string => `${id} ${monthCodes[month - 1]}${year % 10}`

/** The delivery month as a number that sorts: 202612. */
export const contractMonth = ({ year, month }: Contract): number => year * 100 + month

/** The contract of a market for a delivery month written 202612. */
export const contractOf = (id: InstrumentId, yyyymm: number): Contract => ({
  id,
  year: Math.floor(yyyymm / 100),
  month: yyyymm % 100,
})

/** The year closest to `near` that ends in the digits of `year`; of two equally close the later. */
const nearestYear = (year: number, base: 10 | 100, near: number): number =>
  near - base / 2 + 1 + ((((year - near + base / 2 - 1) % base) + base) % base)

/**
 * Reads a contract as 'MGCZ6', 'MGC Z6' or 'MGC 12-26'. The years leave their century out, one of them its decade, so
 * they are read as the year closest to `nearYear`.
 */
export const parseContractCode = (
  text: string,
  nearYear: number,
):
  | { readonly ok: true; readonly value: Contract }
  | { readonly ok: false; readonly reason: 'unknown-instrument' | 'not-a-contract' } => {
  const [, root = '', code, digit, number, digits] =
    /^([A-Z0-9]+?) ?(?:([FGHJKMNQUVXZ])(\d)|(?<= )(0[1-9]|1[0-2])-(\d\d))$/.exec(text) ?? []
  if (root === '') return { ok: false, reason: 'not-a-contract' }
  const id = parseInstrumentId(root)
  if (!id.ok) return id
  return {
    ok: true,
    value:
      code === undefined
        ? { id: id.value, year: nearestYear(Number(digits), 100, nearYear), month: Number(number) }
        : { id: id.value, year: nearestYear(Number(digit), 10, nearYear), month: monthCodes.indexOf(code) + 1 },
  }
}

/** The months as a platform may spell them, January first. */
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

const twoDigits = (number: number): string => String(number % 100).padStart(2, '0')

/** A contract as NinjaTrader takes it: 'MNQ 12-26'. */
export const contractName = ({ id, year, month }: Contract): string => `${id} ${twoDigits(month)}-${twoDigits(year)}`

/**
 * Reads a contract as NinjaTrader writes it, 'MNQ 12-26' or 'MNQ DEC26'; the year is the one closest to `nearYear`.
 * Refuses a market the product does not know and everything that is no contract: a share, a currency pair.
 */
export const parseContractName = (text: string, nearYear: number): ReturnType<typeof parseContractCode> => {
  const [, root = '', number, name = '', digits] =
    /^([A-Z0-9]+) (?:(0[1-9]|1[0-2])-|([A-Z]{3}))(\d\d)$/.exec(text) ?? []
  const month = number === undefined ? monthNames.indexOf(name) + 1 : Number(number)
  if (month === 0) return { ok: false, reason: 'not-a-contract' }
  const id = parseInstrumentId(root)
  if (!id.ok) return id
  return { ok: true, value: { id: id.value, year: nearestYear(Number(digits), 100, nearYear), month } }
}
