import { strategies } from '#src/domain/backtest/strategies/all.ts'
import type { Strategy } from '#src/domain/backtest/strategy.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Parameters, valuesOf } from '#src/domain/optimization/search-space.ts'
import { searchMethods } from '#src/domain/optimization/trial.ts'
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

/** Reads the form of a study. */
export const readStudy = (instruments: readonly InstrumentId[], fields: Fields): Field<StudyWish> => {
  const stranger = strangerIn(fields, ['instrument', 'strategy', 'method', 'budget'])
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const strategy = readStrategy(fields['strategy'])
  if (!strategy.ok) return strategy
  const instrument = readMarket(instruments, fields['instrument'])
  if (!instrument.ok) return instrument
  const search = readSearch(fields)
  if (!search.ok) return search
  return read({ kind: 'study', instrument: instrument.value, strategy: strategy.value.name, ...search.value })
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

/** Reads the form of a backtest. */
export const readBacktest = (instruments: readonly InstrumentId[], fields: Fields): Field<BacktestWish> => {
  const strategy = readStrategy(fields['strategy'])
  if (!strategy.ok) return strategy
  const own = Object.keys(strategy.value.space).map((name) => `p.${name}`)
  const stranger = strangerIn(fields, ['instrument', 'strategy', 'from', 'to', ...own])
  if (stranger !== undefined) return refused(stranger, 'unknown-field')
  const instrument = readMarket(instruments, fields['instrument'])
  if (!instrument.ok) return instrument
  const dates = readDates(fields)
  if (!dates.ok) return dates
  const parameters = readParameters(strategy.value, fields)
  if (!parameters.ok) return parameters
  return read({
    kind: 'backtest',
    instrument: instrument.value,
    strategy: strategy.value.name,
    ...dates.value,
    ...(parameters.value && { parameters: parameters.value }),
  })
}
