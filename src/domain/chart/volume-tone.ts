import { sma } from '../indicators/sma.ts'
import type { Bar } from '../market/bar.ts'
import { parameters } from '../signals/parameters.ts'
import type { VolumeTone } from './chart.ts'

const average = sma(parameters.spikeLength)

/** The volumes of the last 20 bars and the last two closes. */
export type ToneState = { readonly volumes: readonly number[]; readonly close: number; readonly move: number }

/**
 * The color of a bar's volume, as the NinjaTrader indicator FKSVolume has it: a spike above 1.8 times the 20-bar average
 * that includes the bar, else by its close against the one before.
 */
export const volumeTone = {
  initial: { volumes: [], close: Number.NaN, move: 0 } as ToneState,
  step: ({ volumes, close }: ToneState, bar: Pick<Bar, 'close' | 'volume'>): ToneState => ({
    volumes: average.step(volumes, bar.volume),
    close: bar.close,
    move: Number.isNaN(close) ? 0 : bar.close - close,
  }),
  value: ({ volumes, move }: ToneState): VolumeTone => {
    if ((volumes.at(-1) ?? 0) > parameters.spikeRatio * average.value(volumes)) return 'spike'
    return move > 0 ? 'up' : move < 0 ? 'down' : 'flat'
  },
}
