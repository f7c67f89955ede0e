import type { Study } from '#src/adapters/db/studies.ts'
import { overruledBy } from '#src/domain/optimization/champion.ts'
import { tallyOf } from '#src/domain/optimization/objective.ts'
import type { StudyResult } from '#src/domain/optimization/study-result.ts'
import type { Trial } from '#src/domain/optimization/trial.ts'
import type { WalkForward } from '#src/domain/optimization/walk-forward-result.ts'
import { writeWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import { formatMoney, unknown } from '#views/format.ts'
import { checkNumber, checkWords, inR, lineSigns, percent, titleOf } from '#views/lab/words.ts'
import { aligned, parameterNames, writeParameters } from './report-table.ts'

const shownTrials = 10

const wholeOf = ({ days }: Trial) => tallyOf(days, { from: 0, to: days.net.length })

const checks = ({ honesty }: StudyResult): string =>
  aligned([
    ['Check', '', 'value', 'line', ''],
    ...honesty.checks.map(({ name, value, threshold, passed, words }) => [
      checkWords[name].name,
      passed ? 'passed' : 'FAILED',
      checkNumber(name, value),
      `${lineSigns[name]} ${checkNumber(name, threshold)}`,
      words,
    ]),
  ])

const folds = (strategy: string, { folds: all, outOfSample, retention }: WalkForward): string =>
  aligned([
    ['Tried on', 'learned', 'unseen', 'net', 'trades', 'kept', 'parameters'],
    ...all.map(({ test, inSample, outOfSample: seen, retention: kept, parameters }) => [
      `${test.from} to ${test.to}`,
      inR(inSample.r),
      inR(seen.r),
      formatMoney(seen.net),
      String(seen.trades),
      percent(kept),
      parameters === null ? unknown : writeParameters(strategy, parameters),
    ]),
    [
      'All unseen dates',
      '',
      inR(outOfSample.r),
      formatMoney(outOfSample.net),
      String(outOfSample.trades),
      percent(retention),
      '',
    ],
  ])

const bestTrials = (strategy: string, trials: readonly Trial[], best: number): string => {
  const rows = trials
    .map((trial) => ({ ...trial, ...wholeOf(trial) }))
    .filter(({ trades }) => trades > 0)
    .sort((a, b) => Number(b.number === best) - Number(a.number === best) || b.r / b.trades - a.r / a.trades)
    .slice(0, shownTrials)
    .map(({ number, net, r, trades, parameters }) => [
      String(number),
      formatMoney(net),
      inR(r / trades),
      String(trades),
      writeParameters(strategy, parameters),
    ])
  return rows.length === 0
    ? 'No set made a trade.'
    : aligned([['Set', 'net', 'a trade', 'trades', 'parameters'], ...rows])
}

const published = ({ tests: { deflatedSharpe } }: StudyResult): readonly string[] =>
  deflatedSharpe?.published === undefined
    ? []
    : [
        `Luck of the best as published, where bad sets count as luck too: ${percent(deflatedSharpe.published.probability)}. It decides nothing.`,
      ]

const windowsLine = ({ windows, wantedWindows }: Study['spec']): string =>
  `Walk-forward of ${writeWindows(windows)} months${wantedWindows === undefined ? '' : `: the history is too short for ${writeWindows(wantedWindows)}`}.`

/** A study as a person at a command line reads it: the verdict first, what was luck last. */
export const studyTable = ({ id, spec, reason }: Study, result: StudyResult, trials: readonly Trial[]): string => {
  const { instrument, strategy, method, seed, dataHash, codeVersion } = spec
  const { tried, of, dates, honesty, walkForward, needs, challenger } = result
  const decision = overruledBy(result.decision, reason)
  return [
    [
      `${titleOf(strategy)}, ${instrument}, ${dates.from} to ${dates.to} (${dates.count} trade dates)`,
      `${tried.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} sets tried, ${method}`,
    ].join('\n'),
    `${honesty.passed ? 'HONEST' : 'NOT TO BE BELIEVED'}: ${honesty.words}\nChampion: ${decision.words}`,
    [checks(result), ...published(result)].join('\n'),
    walkForward === null
      ? `Too short for a walk-forward: ${needs ?? 0} trade dates are needed, ${dates.count} are stored.`
      : `${windowsLine(spec)}\n${folds(strategy, walkForward)}`,
    ...(challenger === null ? [] : [`For the next trade date: ${writeParameters(strategy, challenger)}`]),
    `Looking back over all dates, which proves nothing:\n${bestTrials(strategy, trials, result.best.number)}`,
    `study ${id.slice(0, 12)}, bars ${dataHash.slice(0, 12)}, code ${codeVersion}, seed ${seed}`,
  ].join('\n\n')
}

/** Every set tried, as comma-separated values (RFC 4180). */
export const trialsCsv = (strategy: string, trials: readonly Trial[]): string => {
  const names = parameterNames(strategy)
  const rows = trials.map((trial) => {
    const { net, r, trades } = wholeOf(trial)
    const mean = trades > 0 ? r / trades : ''
    const wins = trial.days.wins.reduce((sum, each) => sum + each, 0)
    return [trial.number, ...names.map((name) => trial.parameters[name] ?? ''), trades, wins, net / 10_000, r, mean]
  })
  return [['number', ...names, 'trades', 'wins', 'net_dollars', 'r', 'r_per_trade'], ...rows]
    .map((row) => `${row.join(',')}\r\n`)
    .join('')
}
