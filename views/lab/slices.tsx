import type { Slice, Slices } from '#src/domain/backtest/slice.ts'
import { formatMoney, formatNumber } from '../format.ts'
import { Box } from '../parts/box.tsx'
import { exitWords, inR, percent, regimeName, toneOf, weekdays } from './words.ts'

type Part = {
  readonly title: string
  readonly rows: readonly (Omit<Slice<unknown>, 'of'> & { readonly name: string })[]
}

const part = <Trait,>(title: string, slices: readonly Slice<Trait>[], nameOf: (trait: Trait) => string): Part => ({
  title,
  rows: slices.map(({ of, ...slice }) => ({ ...slice, name: nameOf(of) })),
})

const partsOf = (strategy: string, { hour, weekday, side, reason, grade, regime }: Slices): readonly Part[] => [
  part('Hour of entry, ET', hour, (each) => `${String(each).padStart(2, '0')}:00`),
  part('Weekday', weekday, (each) => weekdays[each] ?? ''),
  part('Side', side, (each) => each.toUpperCase()),
  part('Ended by', reason, (each) => exitWords[each]),
  part('Grade', grade, (each) => each ?? 'not graded'),
  part('Regime', regime, (each) => (each === null ? 'not told' : regimeName(strategy, each))),
]

/** The trades parted by what they have in common. */
export const SlicesBox = ({ strategy, by }: { strategy: string; by: Slices }) => (
  <Box id="slices" title="By what they have in common" aside="trades, won, net, mean R of those with a stop">
    <div class="slices">
      {partsOf(strategy, by).map(({ title, rows }) => (
        <table class="sheet">
          <thead>
            <tr>
              <th scope="col">{title}</th>
              <th scope="col">n</th>
              <th scope="col">won</th>
              <th scope="col">net</th>
              <th scope="col">R</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, n, won, net, r }) => (
              <tr>
                <th scope="row">{name}</th>
                <td class="figure">{formatNumber(n)}</td>
                <td class="figure">{percent(n === 0 ? null : won / n)}</td>
                <td class="figure" data-tone={toneOf(net)}>
                  {formatMoney(net)}
                </td>
                <td class="figure">{inR(r)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  </Box>
)
