import { setTimeout as pause } from 'node:timers/promises'
import { machineTime } from '#src/adapters/clock.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { createChance } from '../bars.ts'
import type { Rehearsal } from './rehearsal.ts'

export type StormReport = {
  readonly disconnects: number
  /** The longest the screen said LIVE while no connection was there, ms. */
  readonly longestLieMs: number
  /** The share of the time a connection was there, 0–1. */
  readonly connected: number
}

const lookMs = 10

/** A line that is cut sooner is one that never worked: then the waits grow, and fewer cuts find anything to cut. */
const provenMs = 1_100

/**
 * Cuts the feed at random instants, so that `cuts` fall into the time until market time `until`, and watches what the
 * screen says meanwhile. A cut falls only on a connection that has worked.
 */
export const runStorm = async (
  { massive, screen, clock }: Rehearsal,
  { cuts, until, seed }: { readonly cuts: number; readonly until: number; readonly seed: number },
): Promise<StormReport> => {
  const chance = createChance(seed)
  const began = machineTime()
  const endsAt = began + (until - clock.now()) / clock.speed
  let disconnects = 0
  let lieSince: number | undefined
  let connectedSince: number | undefined
  let longestLieMs = 0
  let connectedLooks = 0
  let looks = 0
  let next = 0
  /** What is left of the cuts, spread over what is left of the time; the wait for a new connection comes on top. */
  const plan = (now: number): void => {
    const mean = Math.max(0, (endsAt - now) / Math.max(1, cuts - disconnects) - 1_500 - provenMs)
    next = 2 * chance() * mean
  }
  plan(began)
  while (machineTime() < endsAt) {
    await pause(lookMs)
    const now = machineTime()
    const isConnected = massive.counts().open > 0
    looks++
    if (isConnected) connectedLooks++
    const lies = !isConnected && screen.state() === 'live'
    lieSince = lies ? (lieSince ?? now) : undefined
    if (lieSince !== undefined) longestLieMs = Math.max(longestLieMs, now - lieSince)
    connectedSince = isConnected ? (connectedSince ?? now) : undefined
    if (connectedSince !== undefined && now >= connectedSince + provenMs + next && disconnects < cuts) {
      massive.drop()
      disconnects++
      plan(now)
    }
  }
  return { disconnects, longestLieMs, connected: connectedLooks / looks }
}

/** Waits until the last minutes have been asked for and stored. */
export const letSettle = async ({ clock }: Rehearsal, minutes: number): Promise<void> => {
  await pause((minutes * minuteMs) / clock.speed + 4_000)
}
