import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { machineTime } from '#src/adapters/clock.ts'
import type { Rehearsal } from './rehearsal.ts'

/** One look at a terminal under load, over the seconds since the look before. */
export type LoadLook = {
  readonly second: number
  readonly messagesPerSecond: number
  /** Share of one core, 0–1. */
  readonly processor: number
  readonly residentMb: number
  /** What the terminal itself says of how late prices come, ms. */
  readonly lagMs: number | undefined
  readonly state: string | undefined
}

const ticksPerSecond = 100

/** Resident memory in MB and processor seconds used so far, as Linux tells them. */
const use = (pid: number): { readonly residentMb: number; readonly seconds: number } => {
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  // After the name, which may hold anything, come the state and then user and system time as fields 12 and 13.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return {
    residentMb: Math.round(Number(resident) / 1024),
    seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
  }
}

const toldBy = ({ massive }: Rehearsal): number => {
  const { T, Q, A, AM } = massive.counts().events
  return T + Q + A + AM
}

/** Has quotes told `times` times as often and looks every ten seconds, `seconds` long. */
export const runLoad = async (
  rehearsal: Rehearsal,
  { times, seconds }: { readonly times: number; readonly seconds: number },
): Promise<readonly LoadLook[]> => {
  const { massive, terminal, screen, readFeed } = rehearsal
  massive.inject({ kind: 'burst', times })
  const began = machineTime()
  const looks: LoadLook[] = []
  let before = { at: began, told: toldBy(rehearsal), ...use(terminal.pid) }
  while (machineTime() - began < seconds * 1_000) {
    await pause(10_000)
    const now = { at: machineTime(), told: toldBy(rehearsal), ...use(terminal.pid) }
    const passed = (now.at - before.at) / 1_000
    looks.push({
      second: Math.round((now.at - began) / 1_000),
      messagesPerSecond: Math.round((now.told - before.told) / passed),
      processor: (now.seconds - before.seconds) / passed,
      residentMb: now.residentMb,
      lagMs: (await readFeed()).lagMs,
      state: screen.state(),
    })
    before = now
  }
  return looks
}
