import { paths, type Realism, realismNumbers, realismRanges } from '#src/domain/backtest/realism.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import type { Strategy } from '#src/domain/backtest/strategy.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Parameters, valuesOf } from '#src/domain/optimization/search-space.ts'
import { searchMethods } from '#src/domain/optimization/trial.ts'
import { parseWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import { type Field, type Fields, readNumber, refused } from '../form.ts'
import type { BacktestWish, StudyWish } from './lab-deps.ts'

/** The most sets of parameters one study tries. */
const mostSets = 5_000

const read = <T>(value: T): Field<T> => ({ ok: true, value })

const strangerIn = (fields: Fields, known: readonly string[]): string | undefined =>
  Object.keys(fields).find((name) => !known.includes(name))

/** A market that is watched. */
const readMarket = (instruments: readonly InstrumentId[], text: string | undefined): Field<InstrumentId> => {
  const found = instruments.find((id) => id === text)
  return found === undefined ? refused('instrument', 'unknown-instrument') : read(found)
}

const readStrategy = (text: string | undefined): Field<Strategy> => {
  const found = strategies.find(({ name }) => name === text)
  return found === undefined ? refused('strategy', 'unknown-strategy') : read(found)
}

/** How a study searches: its method, and how many sets it tries. */
const readSearch = ({ method: text, budget = '' }: Fields): Field<Pick<StudyWish, 'method' | 'budget'>> => {
  const method = searchMethods.find((each) => each === text)
  if (method === undefined) return refused('method', 'unknown-method')
  const sets = readNumber('budget', budget, 2, mostSets)
  if (!sets.ok) return sets
  return Number.isInteger(sets.value) ? read({ method, budget: sets.value }) : refused('budget', 'not-a-whole-number')
}

/** '6/1/1'; where it is left out the usual ones. */
const readWindows = ({ windows: text = '' }: Fields): Field<Pick<StudyWish, 'windows'>> => {
  if (text === '') return read({})
  const windows = parseWindows(text)
  return windows === undefined ? refused('windows', 'not-windows') : read({ windows })
}

/** Reads the form of a study. */
export const readStudy = (instruments: readonly InstrumentId[], fields: Fields): Field<StudyWish> => {
  const stranger = strangerIn(fields, ['instrument', 'strategy', 'method', 'budget', 'windows'])
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const strategy = readStrategy(fields['strategy'])
  if (!strategy.ok) return strategy
  const instrument = readMarket(instruments, fields['instrument'])
  if (!instrument.ok) return instrument
  const search = readSearch(fields)
  if (!search.ok) return search
  const windows = readWindows(fields)
  if (!windows.ok) return windows
  const of = { instrument: instrument.value, strategy: strategy.value.name }
  return read({ kind: 'study', ...of, ...search.value, ...windows.value })
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.slice(0, 10) === text

const readDates = ({ from = '', to = '' }: Fields): Field<Pick<BacktestWish, 'from' | 'to'>> => {
  if (from !== '' && !isDate(from)) return refused('from', 'not-a-date')
  if (to !== '' && !isDate(to)) return refused('to', 'not-a-date')
  if (from !== '' && to !== '' && from > to) return refused('to', 'not-ascending')
  return read({ ...(from !== '' && { from }), ...(to !== '' && { to }) })
}

/** The fields `p.…`: all of the strategy's parameters, or none of them for those in force. */
const readParameters = ({ space }: Strategy, fields: Fields): Field<Parameters | undefined> => {
  const names = Object.keys(space)
  if (names.every((name) => fields[`p.${name}`] === undefined)) return read(undefined)
  const parameters: Record<string, number> = {}
  for (const [name, dimension] of Object.entries(space)) {
    const text = fields[`p.${name}`]
    if (text === undefined) return refused(`p.${name}`, 'missing')
    const value = valuesOf(dimension).find((each) => text !== '' && each === Number(text))
    if (value === undefined) return refused(`p.${name}`, 'not-one-of')
    parameters[name] = value
  }
  return read(parameters)
}

/** The fields of a backtest of any strategy. */
const always = ['instrument', 'strategy', 'from', 'to', 'account', ...realismNumbers, 'path']

/** What of the fills is filled in; the rest is as usual. */
const readRealism = (fields: Fields): Field<Realism | undefined> => {
  const realism: { -readonly [name in keyof Realism]: Realism[name] } = {}
  for (const name of realismNumbers) {
    const { least, most, whole } = realismRanges[name]
    const text = fields[name] ?? ''
    if (text === '') continue
    const number = readNumber(name, text, least, most)
    if (!number.ok) return number
    if (whole && !Number.isInteger(number.value)) return refused(name, 'not-a-whole-number')
    realism[name] = number.value
  }
  const { path: text = '' } = fields
  const path = paths.find((each) => each === text)
  if (text !== '' && path === undefined) return refused('path', 'not-one-of')
  if (path !== undefined) realism.path = path
  return read(Object.keys(realism).length > 0 ? realism : undefined)
}

/** The plan whose account it is played on, where one is chosen. */
const readAccount = ({ account = '' }: Fields): Field<string | undefined> =>
  account === '' || presets.some(({ id }) => id === account)
    ? read(account || undefined)
    : refused('account', 'not-one-of')

/** Reads the form of a backtest. */
export const readBacktest = (instruments: readonly InstrumentId[], fields: Fields): Field<BacktestWish> => {
  const strategy = readStrategy(fields['strategy'])
  if (!strategy.ok) return strategy
  const own = Object.keys(strategy.value.space).map((name) => `p.${name}`)
  const stranger = strangerIn(fields, [...always, ...own])
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const instrument = readMarket(instruments, fields['instrument'])
  if (!instrument.ok) return instrument
  const dates = readDates(fields)
  if (!dates.ok) return dates
  const parameters = readParameters(strategy.value, fields)
  if (!parameters.ok) return parameters
  const account = readAccount(fields)
  if (!account.ok) return account
  const realism = readRealism(fields)
  if (!realism.ok) return realism
  return read({
    kind: 'backtest',
    instrument: instrument.value,
    strategy: strategy.value.name,
    ...dates.value,
    ...(parameters.value && { parameters: parameters.value }),
    ...(account.value !== undefined && { account: account.value }),
    ...(realism.value && { realism: realism.value }),
  })
}
