import { paths, realismNumbers } from '#src/domain/backtest/realism.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import type { Strategy } from '#src/domain/backtest/strategy.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { type Dimension, sizeOf, valuesOf } from '#src/domain/optimization/search-space.ts'
import { usualWindows, writeWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import { presets } from '#src/domain/risk/firms/presets.ts'
import { formatNumber } from '../format.ts'
import { ChoiceField, type Filled, fill, TextField } from '../parts/field.tsx'
import type { Outcome } from '../parts/notice.tsx'
import { formatValue, marketName, methodWords, pathWords } from './words.ts'

/** Sets of parameters a study tries unless told otherwise. */
const usualBudget = 200

type FormProps = { strategy: Strategy; instruments: readonly InstrumentId[]; outcome: Outcome | undefined }

const marketsOf = (instruments: readonly InstrumentId[]): Readonly<Record<string, string>> =>
  Object.fromEntries(instruments.map((id) => [id, marketName(id)]))

/** A value as a choice names it: a whole number with its decimal, as names like '2' would be put before '0.5'. */
const nameOf = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

const valuesIn = (dimension: Dimension): Readonly<Record<string, string>> =>
  Object.fromEntries(valuesOf(dimension).map((value) => [nameOf(value), formatValue(value, dimension.unit)]))

const Optimize = ({ strategy, instruments, outcome }: FormProps) => {
  const usual = {
    instrument: instruments[0] ?? '',
    method: 'model',
    budget: String(usualBudget),
    windows: writeWindows(usualWindows),
  }
  const filled = fill(`study:${strategy.name}`, usual, outcome)
  return (
    <form method="post" action="/lab/studies">
      <h3>Optimize</h3>
      <input type="hidden" name="strategy" value={strategy.name} />
      <ChoiceField filled={filled} name="instrument" label="Market" options={marketsOf(instruments)} />
      <ChoiceField filled={filled} name="method" label="Method" options={methodWords} />
      <TextField filled={filled} name="budget" label={`Sets to try, of ${formatNumber(sizeOf(strategy.space))}`} />
      <TextField filled={filled} name="windows" label="Months to learn / try / move" />
      <button type="submit" class="button">
        Optimize
      </button>
    </form>
  )
}

const planChoices: Readonly<Record<string, string>> = {
  '': 'none',
  ...Object.fromEntries(presets.map(({ id, firm, plan }) => [id, `${firm} ${plan}`])),
}

const pathChoices: Readonly<Record<string, string>> = {
  '': 'as usual',
  ...Object.fromEntries(paths.map((path) => [path, pathWords[path]])),
}

const realismFields = [...realismNumbers, 'path']

const isRealismRefused = ({ form, outcome }: Filled): boolean =>
  outcome !== undefined && 'form' in outcome && outcome.form === form && realismFields.includes(outcome.field)

/** How kind the market is to an order; closed unless something in it was filled in or refused. */
const Realism = ({ filled }: { filled: Filled }) => (
  <details open={isRealismRefused(filled) || realismFields.some((name) => (filled.values[name] ?? '') !== '')}>
    <summary>Realism</summary>
    <p class="text-quiet">
      What is left empty is as usual. A strategy runs on minutes and nothing finer is stored, so the order of prices
      within a minute is a rule.
    </p>
    <TextField
      filled={filled}
      name="limitThrough"
      label="Limits fill so far through"
      unit="ticks"
      placeholder="as usual"
    />
    <TextField filled={filled} name="slippageTicks" label="Slippage" unit="ticks" placeholder="as usual" />
    <TextField filled={filled} name="spreadTicks" label="Spread" unit="ticks" placeholder="as usual" />
    <TextField filled={filled} name="latencyMs" label="Orders are late by" unit="ms" placeholder="as usual" />
    <TextField filled={filled} name="volumeShare" label="Most of a bar’s volume, up to 1" placeholder="as usual" />
    <ChoiceField filled={filled} name="path" label="Within a minute" options={pathChoices} />
  </details>
)

const Backtest = ({ strategy, instruments, outcome }: FormProps) => {
  const usual = {
    instrument: instruments[0] ?? '',
    ...Object.fromEntries(Object.entries(strategy.space).map(([name, each]) => [`p.${name}`, nameOf(each.default)])),
  }
  const filled = fill(`report:${strategy.name}`, usual, outcome)
  return (
    <form method="post" action="/lab/reports">
      <h3>Backtest</h3>
      <input type="hidden" name="strategy" value={strategy.name} />
      <ChoiceField filled={filled} name="instrument" label="Market" options={marketsOf(instruments)} />
      <TextField filled={filled} name="from" label="From" placeholder="all that is stored" />
      <TextField filled={filled} name="to" label="To" placeholder="the newest" />
      {Object.entries(strategy.space).map(([name, dimension]) => (
        <ChoiceField filled={filled} name={`p.${name}`} label={dimension.words} options={valuesIn(dimension)} />
      ))}
      <ChoiceField filled={filled} name="account" label="Account rules" options={planChoices} />
      <Realism filled={filled} />
      <button type="submit" class="button">
        Backtest
      </button>
    </form>
  )
}

/** Asks for a study, a backtest or the whole night. The strategies are plain links, as a form without a script cannot change its fields. */
export const Wanted = (props: FormProps) => (
  <section id="wanted" class="box" aria-label="Try something">
    <header class="box-title">
      <h2>Try something</h2>
      <form method="post" action="/lab/night" hx-post="/lab/night" hx-swap="none">
        <button type="submit" class="quiet-button">
          Run the night now
        </button>
      </form>
    </header>
    <nav aria-label="Strategy" class="strategy-choices">
      {strategies.map(({ name, title, baseline }) => (
        <a href={`/lab?strategy=${name}#wanted`} aria-current={name === props.strategy.name ? 'true' : undefined}>
          {title}
          {baseline && <small> naive</small>}
        </a>
      ))}
    </nav>
    <p class="prose">{props.strategy.words}</p>
    <Optimize {...props} />
    <Backtest {...props} />
  </section>
)
