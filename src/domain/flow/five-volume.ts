import { bucketOf } from '../market/aggregate.ts'
import { type Bar, minuteMs } from '../market/bar.ts'
import { type MinuteVolumeState, usualVolume } from './relative-volume.ts'

/** Contracts of five minutes from `time` on (epoch ms), and what is usual of them; NaN where that is not known. */
type FiveVolume = { readonly time: number; readonly volume: number; readonly usual: number }

/** The newest five minutes, and those before: a bucket is over at the latest when the next one has begun. */
export type FiveVolumes = { readonly now: FiveVolume; readonly before: FiveVolume }

const fiveMs = 5 * minuteMs
const nothing: FiveVolume = { time: Number.NaN, volume: 0, usual: Number.NaN }

/** The fold from closed 1m bars, with what is known of minutes' volumes, to what five minutes traded over the usual. */
export const fiveVolumes = {
  initial: { now: nothing, before: nothing } as FiveVolumes,
  step: ({ now, before }: FiveVolumes, bar: Bar, known: MinuteVolumeState): FiveVolumes => {
    const time = bucketOf(bar.time, fiveMs)
    if (time === now.time) return { now: { time, volume: now.volume + bar.volume, usual: now.usual }, before }
    return { now: { time, volume: bar.volume, usual: usualVolume(known, time, 5) }, before: now }
  },
  /** Volume of a closed 5m bar over what is usual of its minutes, the silent ones included; NaN where that is not known, or 0. */
  ratioOf: ({ now, before }: FiveVolumes, { time }: Pick<Bar, 'time'>): number => {
    const own = [now, before].find((each) => each.time === time)
    return own !== undefined && own.usual > 0 ? own.volume / own.usual : Number.NaN
  },
}
