import { minimumTrades } from '#src/domain/optimization/conclude.ts'
import { heatOf } from '#src/domain/optimization/heat.ts'
import type { Parameters } from '#src/domain/optimization/search-space.ts'
import type { Trial } from '#src/domain/optimization/trial.ts'
import { formatNumber } from '../format.ts'
import { Box, Empty } from '../parts/box.tsx'
import { HeatMap } from './heat.tsx'
import type { ShownStudy } from './study-page.tsx'
import { objectiveWords, parameterValue, parameterWords } from './words.ts'

/** Which two parameters are laid out, and what a cell shows of the sets it stands for; what is no parameter is not taken. */
export type HeatChoice = {
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly over?: string | undefined
}

const overWords = { best: 'the best', mean: 'the mean' } as const

type Option = readonly [value: string, words: string]

const Choice = ({
  name,
  label,
  options,
  chosen,
}: {
  name: string
  label: string
  options: readonly Option[]
  chosen: string
}) => (
  <label>
    {label}{' '}
    <select name={name}>
      {options.map(([value, words]) => (
        <option value={value} selected={value === chosen}>
          {words}
        </option>
      ))}
    </select>
  </label>
)

const axisOf = (strategy: string, name: string) => ({
  words: parameterWords(strategy, name),
  format: (value: number): string => parameterValue(strategy, name, value),
})

const placeOf = (words: string, parameters: Parameters | null | undefined, x: string, y: string) =>
  parameters === null || parameters === undefined
    ? []
    : [{ words, x: parameters[x] ?? Number.NaN, y: parameters[y] ?? Number.NaN }]

/** How good the sets tried were, over two parameters: a plateau may last, a lonely peak is luck. */
export const Terrain = ({
  study,
  trials,
  choice,
}: {
  study: ShownStudy
  trials: readonly Trial[]
  choice: HeatChoice
}) => {
  const { spec, result, id } = study
  const names = Object.keys(trials[0]?.parameters ?? {})
  const isOne = (name: string | undefined): name is string => names.includes(name ?? '')
  const x = isOne(choice.x) ? choice.x : names[0]
  const y = isOne(choice.y) && choice.y !== x ? choice.y : names.find((name) => name !== x)
  const over = choice.over === 'best' ? 'best' : 'mean'
  if (x === undefined || y === undefined)
    return (
      <Box id="terrain" title="Parameters">
        <Empty what="Nothing was tried yet." next="The map grows as sets are tried." />
      </Box>
    )
  const { objective, strategy } = spec
  const dates = { from: 0, to: trials[0]?.days.net.length ?? 0 }
  const heat = heatOf(trials, { x, y, dates, objective, minimumTrades, over })
  const options: readonly Option[] = names.map((name) => [name, parameterWords(strategy, name)])
  return (
    <Box id="terrain" title="Parameters" aside={`${formatNumber(trials.length)} sets over all dates`}>
      <form method="get" action={`/lab/studies/${id}#terrain`} class="heat-choice">
        <Choice name="x" label="across" options={options} chosen={x} />
        <Choice name="y" label="up" options={options} chosen={y} />
        <Choice name="over" label="of other values" options={Object.entries(overWords)} chosen={over} />
        <button type="submit" class="quiet-button">
          show
        </button>
      </form>
      <HeatMap
        heat={heat}
        across={axisOf(strategy, x)}
        down={axisOf(strategy, y)}
        shows={`${overWords[over]} ${objectiveWords[objective]}`}
        marks={[...placeOf('challenger', result?.challenger, x, y), ...placeOf('champion', spec.champion, x, y)]}
      />
      <p class="text-quiet">
        A cell shows {overWords[over]} {objectiveWords[objective]} of the sets that share it; fewer than {minimumTrades}{' '}
        trades are not judged. A plateau may last, a lonely peak is luck.
      </p>
    </Box>
  )
}
