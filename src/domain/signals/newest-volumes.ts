import { parameters } from './parameters.ts'

/** The volumes of the last 20 bars, written in place: a window copied for every minute costs more than all that reads it. */
export type NewestVolumes = { readonly ring: Float64Array; readonly seen: number }

export const noVolumes = (): NewestVolumes => ({ ring: new Float64Array(parameters.spikeLength), seen: 0 })

/** Takes one more volume, contracts, for the oldest. Each state may be stepped once. */
export const addVolume = ({ ring, seen }: NewestVolumes, volume: number): NewestVolumes => {
  ring[seen % ring.length] = volume
  return { ring, seen: seen + 1 }
}

/** Their mean, summed from the oldest on; NaN while there are fewer. */
export const averageVolume = ({ ring, seen }: NewestVolumes): number => {
  if (seen < ring.length) return Number.NaN
  let sum = 0
  for (let i = 0; i < ring.length; i++) sum += ring[(seen + i) % ring.length] as number
  return sum / ring.length
}

/** The state as it stands, apart from the one that goes on. */
export const keepNewest = ({ ring, seen }: NewestVolumes): NewestVolumes => ({ ring: ring.slice(), seen })
