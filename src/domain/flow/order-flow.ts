import type { Indicator } from '../indicators/indicator.ts'
import type { ContractSpec } from '../instruments/instrument.ts'
import { parameters } from '../signals/parameters.ts'
import { cumulativeDelta, type DeltaState } from './cumulative-delta.ts'
import type { FlowReading } from './flow-reading.ts'
import type { FlowBar } from './minute-flow.ts'
import { keepVolumes, type MinuteVolumeState, relativeVolume } from './relative-volume.ts'
import { keepProfile, type ProfileState, volumeProfile } from './volume-profile.ts'

export type FlowState = {
  readonly delta: DeltaState
  readonly profile: ProfileState
  readonly volumes: MinuteVolumeState
}

/**
 * Order flow folded over closed 1m bars: cumulative delta, the session's volume profile, and how unusual the newest
 * minute's volume is (a spike from 1.8 times the usual). Each state but the first may be stepped once: its columns grow in
 * place.
 */
export const orderFlow = (spec: ContractSpec): Indicator<FlowState, FlowBar, FlowReading> => {
  const profiles = volumeProfile(spec)
  const volumes = relativeVolume(spec.group)
  return {
    warmup: 1,
    initial: { delta: cumulativeDelta.initial, profile: profiles.initial, volumes: volumes.initial },
    step: (state, input) => ({
      delta: cumulativeDelta.step(state.delta, input),
      profile: profiles.step(state.profile, input),
      volumes: volumes.step(state.volumes, input),
    }),
    value: (state) => {
      const delta = cumulativeDelta.value(state.delta)
      const profile = profiles.value(state.profile)
      const ratio = volumes.value(state.volumes)
      const spike = ratio >= parameters.spikeRatio
      // Written out: to spread what may be missing costs more than all the rest.
      if (delta === undefined)
        return profile === undefined ? { relativeVolume: ratio, spike } : { profile, relativeVolume: ratio, spike }
      return profile === undefined
        ? { delta, relativeVolume: ratio, spike }
        : { delta, profile, relativeVolume: ratio, spike }
    },
  }
}

/** The state as it stands, apart from the one that goes on: the only way to step from an instant twice. */
export const keepFlow = ({ delta, profile, volumes }: FlowState): FlowState => ({
  delta,
  profile: keepProfile(profile),
  volumes: keepVolumes(volumes),
})
