import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { focusInstruments } from '#src/domain/instruments/contract-spec.ts'
import { minuteMs } from '#src/domain/market/bar.ts'
import { measureAddon } from './rehearsal/addon-minute.ts'
import { measureBridge, measureGate } from './rehearsal/bridge-latency.ts'
import { measureChart } from './rehearsal/chart-paint.ts'
import { runLoad } from './rehearsal/load.ts'
import { type Rehearsal, startRehearsal } from './rehearsal/rehearsal.ts'
import { letSettle, runStorm } from './rehearsal/storm.ts'
import { emptyFolder, type Terminal } from './terminal.ts'

const usage =
  'npm run soak -- storm | load | bridge [a second] | optimizer | chart | addon    (built first; one to eleven minutes)'

const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Compares every minute of [from, to) with the vendor's and prints what differs. */
const compare = async (rehearsal: Rehearsal, from: number, to: number): Promise<void> => {
  let minutes = 0
  let different = 0
  for (const id of focusInstruments) {
    const differences = await rehearsal.differences(id, from, to)
    for (const difference of differences.slice(0, 5)) print(difference)
    minutes += rehearsal.vendorBars(id, from, to).length
    different += differences.length
  }
  print(`${minutes} minutes compared with the vendor's, ${different} different`)
}

const rehearse = async (from: number, speed: number, run: (rehearsal: Rehearsal, begun: number) => Promise<void>) => {
  const dataDir = emptyFolder()
  const rehearsal = await startRehearsal({
    from,
    speed,
    instruments: focusInstruments,
    dataDir,
    env: { HISTORY_DAYS: '2' },
  })
  await run(rehearsal, Math.ceil(rehearsal.clock.now() / minuteMs + 1) * minuteMs)
  await rehearsal.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/** Five hundred cuts in the session of 2026-11-20. */
const storm = (): Promise<void> =>
  rehearse(Date.UTC(2026, 10, 19, 23), 60, async (rehearsal, begun) => {
    const close = Date.UTC(2026, 10, 20, 22)
    print(JSON.stringify(await runStorm(rehearsal, { cuts: 500, until: close - 5 * minuteMs, seed: 11 })))
    await letSettle(rehearsal, 10)
    await compare(rehearsal, begun, close - 6 * minuteMs)
  })

/** Ten minutes of some 5,000 messages a second with half a minute of 50,000 in the middle. */
const load = (): Promise<void> =>
  rehearse(Date.UTC(2026, 10, 20, 13), 20, async (rehearsal, begun) => {
    for (const stretch of [
      { times: 35, seconds: 300 },
      { times: 420, seconds: 30 },
      { times: 35, seconds: 300 },
    ])
      for (const look of await runLoad(rehearsal, stretch)) print(JSON.stringify(look))
    rehearsal.massive.clear()
    await letSettle(rehearsal, 10)
    await compare(rehearsal, begun, Math.floor(rehearsal.clock.now() / minuteMs - 4) * minuteMs)
  })

/** In PostgreSQL where the environment names one, else embedded. */
const storeEnv = (): Readonly<Record<string, string>> =>
  process.env['DATABASE_URL'] === undefined ? {} : { DATABASE_URL: process.env['DATABASE_URL'] }

/** Executions on their way to a page and to its pixels: fifty a second, or as many as asked for, for twenty seconds. */
const bridge = async (rate = '50'): Promise<void> => {
  const perSecond = Number(rate)
  if (!(perSecond >= 1 && perSecond <= 1_000)) throw new RangeError(`${rate} is no rate from 1 to 1,000 a second`)
  const dataDir = emptyFolder()
  for (const painted of [false, true]) {
    const measured = await measureBridge({ perSecond, seconds: 20, dataDir, painted, env: storeEnv() })
    print(JSON.stringify({ perSecond, painted, ...measured }))
  }
  print(JSON.stringify({ toGate: await measureGate({ books: 4, dataDir }) }))
  rmSync(dataDir, { recursive: true, force: true })
}

/** Has the terminal search flat out in six markets, for longer than anybody measures. */
const searchHard = async ({ url, apiKey }: Terminal): Promise<void> => {
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey }
  for (const instrument of focusInstruments) {
    const body = JSON.stringify({ instrument, strategy: 'focus-plan', method: 'random', budget: '5000' })
    const answer = await fetch(`${url}/lab/studies`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  }
  await wait(10_000)
}

/** The way of an execution to the byte with the threads at rest and with a search flat out, in turns. */
const optimizer = async (): Promise<void> => {
  const dataDir = emptyFolder()
  const env = storeEnv()
  for (let round = 0; round < 2; round++)
    for (const searching of [false, true]) {
      const beside = searching ? { beside: searchHard } : {}
      const { toByte } = await measureBridge({ perSecond: 20, seconds: 30, dataDir, painted: false, env, ...beside })
      print(JSON.stringify({ searching, toByte }))
    }
  rmSync(dataDir, { recursive: true, force: true })
}

/** A chart of 2,000 bars in a browser, and a day of eight hours on it. */
const chart = async (): Promise<void> => print(JSON.stringify(await measureChart()))

/** A minute of the AddOn's handlers at 2,000 events a second, beside a co-pilot that answers after five seconds. */
const addon = async (): Promise<void> => {
  for (const kind of await measureAddon({ perSecond: 2_000, seconds: 60, answerMs: 5_000 })) print(JSON.stringify(kind))
}

const run = { storm, load, bridge, optimizer, chart, addon }[process.argv[2] ?? '']
if (run === undefined) {
  process.stderr.write(`${usage}\n`)
  process.exitCode = 2
} else await run(process.argv[3])
