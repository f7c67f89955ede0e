import { type ParseArgsConfig, parseArgs } from 'node:util'
import { z } from 'zod'
import { paths, type Realism, type RealismNumber, realismRanges } from '#src/domain/backtest/realism.ts'
import { strategies, strategyOf } from '#src/domain/backtest/strategies/all.ts'
import { instrumentIds } from '#src/domain/instruments/instrument.ts'
import { type Dimension, valuesOf } from '#src/domain/optimization/search-space.ts'
import { searchMethods, type Windows } from '#src/domain/optimization/trial.ts'
import { longestWindow, parseWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import type { WantedBacktest, WantedStudy } from '#src/worker/study/study-room.ts'

type Output = 'table' | 'json' | 'csv'

/** What a command line asks for. */
export type Order<Wanted> = {
  readonly wanted: Wanted
  readonly output: Output
  /** The recorded bars, whatever FEED says. */
  readonly recorded: boolean
  /** The running terminal is to do it. */
  readonly ask: boolean
}

/** A command line that was read, or the argument that is missing, unknown or wrong. */
export type Read<Wanted> =
  | { readonly ok: true; readonly order: Order<Wanted> }
  | { readonly ok: false; readonly argument: string; readonly sentence: string }

const names = strategies.map(({ name }) => name)
const plans = presets.map(({ id }) => id)
const mostTrials = 5_000
const mostSeed = 2 ** 31 - 1

const whole = (least: number, most: number) => {
  const error = `must be a whole number, ${least} to ${most}`
  return z.string().regex(/^\d+$/, error).transform(Number).pipe(z.number().min(least, error).max(most, error))
}
const share = (least: number, most: number) => {
  const error = `must be a number, ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/, error)
    .transform(Number)
    .pipe(z.number().min(least, error).max(most, error))
}
const realismOf = (name: RealismNumber) => {
  const { least, most, whole: isWhole } = realismRanges[name]
  return (isWhole ? whole(least, most) : share(least, most)).optional()
}
const windowsError = `must be three lengths in months, learned on, tried on and moved by, such as 6/1/1: each 0.25 to ${longestWindow} in quarters`
const windowLengths = z.string().transform((given, context): Windows => {
  const read = parseWindows(given)
  if (read !== undefined) return read
  context.addIssue({ code: 'custom', message: windowsError })
  return z.NEVER
})
const date = z.iso.date({ error: 'must be a trade date, such as 2026-11-20' })

const common = {
  instrument: z.enum(instrumentIds, { error: `must be one of ${instrumentIds.join(', ')}` }),
  strategy: z.enum(names, { error: `must be one of ${names.join(', ')}` }),
  json: z.literal(true).optional(),
  csv: z.literal(true).optional(),
  recorded: z.literal(true).optional(),
}

const backtestShape = z.object({
  ...common,
  from: date.optional(),
  to: date.optional(),
  set: z.array(z.string()).default([]),
  'costs-doubled': z.literal(true).optional(),
  account: z.enum(plans, { error: `must be one of ${plans.join(', ')}` }).optional(),
  'limit-through': realismOf('limitThrough'),
  latency: realismOf('latencyMs'),
  'volume-share': realismOf('volumeShare'),
  slippage: realismOf('slippageTicks'),
  spread: realismOf('spreadTicks'),
  path: z.enum(paths, { error: `must be one of ${paths.join(', ')}` }).optional(),
})

const optimizeShape = z.object({
  ...common,
  method: z.enum(searchMethods, { error: `must be one of ${searchMethods.join(', ')}` }).default('model'),
  budget: whole(1, mostTrials).default(400),
  seed: whole(0, mostSeed).optional(),
  windows: windowLengths.optional(),
  ask: z.literal(true).optional(),
})

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const commonOptions = { instrument: text, strategy: text, json: flag, csv: flag, recorded: flag }
const realismOptions = {
  'limit-through': text,
  latency: text,
  'volume-share': text,
  slippage: text,
  spread: text,
  path: text,
}

type Refused = Extract<Read<never>, { ok: false }>
const refuse = (argument: string, sentence: string): Refused => ({ ok: false, argument, sentence })

/** Reads what is given by a shape; refuses with the first argument that does not fit. */
const read = <Shape extends z.ZodType>(
  given: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
  shape: Shape,
): { readonly ok: true; readonly values: z.output<Shape> } | Refused => {
  let values: unknown
  try {
    values = parseArgs({ args: [...given], options, strict: true }).values
  } catch (error) {
    const { message } = error as Error
    return refuse(/'(-[^ '=]*)/.exec(message)?.[1] ?? given[0] ?? '', message)
  }
  const parsed = shape.safeParse(values)
  if (parsed.success) return { ok: true, values: parsed.data }
  const [issue] = parsed.error.issues
  return refuse(`--${String(issue?.path[0])}`, issue?.message ?? '')
}

const outputOf = ({ json, csv }: { readonly json?: true | undefined; readonly csv?: true | undefined }): Output =>
  json ? 'json' : csv ? 'csv' : 'table'

const rangeWords = (dimension: Dimension): string =>
  dimension.kind === 'choice'
    ? `one of ${valuesOf(dimension).join(', ')}`
    : `${dimension.from} to ${dimension.to} in steps of ${dimension.step}`

/** 'stop=1.5' as a parameter of a strategy. */
const parameterOf = (given: string, strategy: string): { readonly name: string; readonly value: number } | Refused => {
  const { space } = strategyOf(strategy)
  const [name = '', written = ''] = given.split('=')
  const dimension = space[name]
  if (dimension === undefined)
    return refuse('--set', `${strategy} has no parameter ${name}; it has ${Object.keys(space).join(', ')}`)
  const value = written.trim() === '' ? Number.NaN : Number(written)
  return valuesOf(dimension).includes(value)
    ? { name, value }
    : refuse('--set', `${name} must be ${rangeWords(dimension)}`)
}

/** What is named of the fills; the rest is as usual. */
const realismIn = (values: z.output<typeof backtestShape>): Realism => ({
  ...(values['limit-through'] !== undefined && { limitThrough: values['limit-through'] }),
  ...(values.latency !== undefined && { latencyMs: values.latency }),
  ...(values['volume-share'] !== undefined && { volumeShare: values['volume-share'] }),
  ...(values.slippage !== undefined && { slippageTicks: values.slippage }),
  ...(values.spread !== undefined && { spreadTicks: values.spread }),
  ...(values.path !== undefined && { path: values.path }),
})

/** Reads the command line of a backtest. */
export const readBacktest = (given: readonly string[]): Read<WantedBacktest> => {
  const options = {
    ...{ ...commonOptions, from: text, to: text, set: { ...text, multiple: true }, 'costs-doubled': flag },
    ...{ ...realismOptions, account: text },
  }
  const told = read(given, options, backtestShape)
  if (!told.ok) return told
  const { instrument, strategy, from, to, set, account, recorded = false, ...rest } = told.values
  const realism = realismIn(told.values)
  if (rest.json && rest.csv) return refuse('--csv', 'goes without --json')
  if (from !== undefined && to !== undefined && from > to) return refuse('--to', 'must not be before --from')
  const parameters: Record<string, number> = {}
  for (const each of set) {
    const parameter = parameterOf(each, strategy)
    if ('ok' in parameter) return parameter
    parameters[parameter.name] = parameter.value
  }
  const wanted: WantedBacktest = {
    ...{ instrument, strategy, parameters },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(rest['costs-doubled'] && { costsDoubled: true }),
    ...(account !== undefined && { account }),
    ...(Object.keys(realism).length > 0 && { realism }),
  }
  return { ok: true, order: { wanted, output: outputOf(rest), recorded, ask: false } }
}

/** Reads the command line of an optimisation. */
export const readOptimize = (given: readonly string[]): Read<WantedStudy> => {
  const options = { ...commonOptions, method: text, budget: text, seed: text, windows: text, ask: flag }
  const told = read(given, options, optimizeShape)
  if (!told.ok) return told
  const { instrument, strategy, method, budget, seed, windows, ask = false, recorded = false, ...rest } = told.values
  if (rest.json && rest.csv) return refuse('--csv', 'goes without --json')
  if (ask && (recorded || rest.json || rest.csv || seed !== undefined))
    return refuse(
      '--ask',
      'goes with a market, a strategy, a method, a budget and windows alone: the rest is the terminal’s',
    )
  const own = { ...(seed !== undefined && { seed }), ...(windows && { windows }) }
  const wanted: WantedStudy = { instrument, strategy, method, budget, ...own }
  return { ok: true, order: { wanted, output: outputOf(rest), recorded, ask } }
}
