import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createClock, machineTime, repeat, schedule } from '#src/adapters/clock.ts'
import { createStream, type Stream } from '#src/adapters/feed/synthetic/stream.ts'
import type { Control } from '#src/adapters/ninjatrader/simulator/control.ts'
import { instrumentName } from '#src/adapters/ninjatrader/simulator/instrument-name.ts'
import { createSimulator, type Simulator } from '#src/adapters/ninjatrader/simulator/simulator.ts'
import { tradeDateAt } from '#src/domain/instruments/calendar.ts'
import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import { parseInstrumentId, specOf } from '#src/domain/instruments/contract-spec.ts'
import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import { frontContract } from '#src/domain/instruments/roll.ts'
import { roundToGrid, toPrice } from '#src/domain/instruments/ticks.ts'

const usage = `npm run simulate:ninjatrader -- (--token … | --token-file data/bridge-token)

Plays NinjaTrader with its AddOn against a running co-pilot. A terminal on the SIM market already runs one of its own.
It cannot see the terminal's prices and makes its own, so beside a live feed the two will not agree.

  --url http://127.0.0.1:3000                         the co-pilot it speaks to
  --bridge simulator        its name                    --folder …         keeps journal and unsent events
  --accounts Sim101         the allow-list              --allow-orders     lets the co-pilot send orders
  --max-contracts 5         the cap                     --seed 7           of prices and chance
  --prices MNQ=21000,…      where prices begin, points
  --partial 0.3             share of orders filled in parts
  --reject 0.1              share of orders rejected
  --race 0.3                share of cancels that come too late
  --disconnect 60           seconds between broken connections to the broker

Typed while it runs: quit, or one line of the scripted platform, such as
  {"do":"manual","account":"Sim101","instrument":"MNQ 12-26","side":"buy","quantity":1,"price":21000}`

const stepMs = 250
const startPrices: Readonly<Partial<Record<InstrumentId, number>>> = {
  MGC: 4_000,
  SIL: 50,
  MCL: 60,
  MHG: 5,
  MES: 6_700,
  MNQ: 24_500,
}

class WrongUse extends Error {}

const share = (text: string): number => {
  const value = Number(text)
  if (!(value >= 0 && value <= 1)) throw new WrongUse(`${text} is no share between 0 and 1`)
  return value
}
const wholeNumber = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new WrongUse(`${text} is no whole number`)
  return value
}

/** 'MNQ=21000,MGC=4000', each on its tick grid. */
const parsePrices = (text: string): ReadonlyMap<InstrumentId, number> =>
  new Map(
    text.split(',').map((pair) => {
      const [name = '', price = ''] = pair.split('=')
      const id = parseInstrumentId(name)
      if (!id.ok || !(Number(price) > 0)) throw new WrongUse(`${pair} is no price of a market`)
      return [id.value, roundToGrid(specOf(id.value), Number(price), 'nearest')]
    }),
  )

const readArguments = () => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      url: { ...text, default: 'http://127.0.0.1:3000' },
      token: text,
      'token-file': text,
      folder: text,
      bridge: { ...text, default: 'simulator' },
      accounts: { ...text, default: 'Sim101' },
      'allow-orders': { type: 'boolean', default: false },
      'max-contracts': { ...text, default: '5' },
      seed: { ...text, default: '7' },
      prices: {
        ...text,
        default: Object.entries(startPrices)
          .map(([id, price]) => `${id}=${price}`)
          .join(','),
      },
      partial: { ...text, default: '0' },
      reject: { ...text, default: '0' },
      race: { ...text, default: '0' },
      disconnect: { ...text, default: '0' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { url, token, folder } = values
  const file = values['token-file']
  const secret = token ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim())
  if (!URL.canParse(url)) throw new WrongUse(`--url: ${url} is no address such as http://127.0.0.1:3000`)
  if (secret === undefined) throw new WrongUse('--token or --token-file is needed')
  return {
    settings: {
      ...{ url, token: secret, bridge: values.bridge, accounts: values.accounts.split(',') },
      ...{ allowOrders: values['allow-orders'], maxContracts: wholeNumber(values['max-contracts']) },
      ...(folder !== undefined && { folder }),
    },
    faults: {
      ...{ partial: share(values.partial), reject: share(values.reject), race: share(values.race) },
      disconnectEveryS: wholeNumber(values.disconnect),
    },
    seed: wholeNumber(values.seed),
    prices: parsePrices(values.prices),
  }
}

type Asked = Exclude<ReturnType<typeof readArguments>, undefined>

/** Prices that walk a tick at a time, four times a second; returns how to stop them. */
const walkPrices = (
  simulator: Simulator,
  prices: ReadonlyMap<InstrumentId, number>,
  { uniform }: Stream,
): (() => void) => {
  const ticks = new Map([...prices].map(([id, price]) => [id, Math.round(price * specOf(id).ticksPerPoint)]))
  return repeat(() => {
    for (const [id, before] of ticks) {
      const spec = specOf(id)
      const now = Math.max(1, before + Math.floor(uniform() * 5) - 2)
      ticks.set(id, now)
      const contract = frontContract(id, tradeDateAt(spec.group, machineTime()))
      simulator.onPrice(id, contractMonth(contract), toPrice(spec, now), toPrice(spec, now - 1), toPrice(spec, now + 1))
    }
  }, stepMs)
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** One typed line: a command of the scripted platform, answered by one line of JSON. */
const obey = async (simulator: Simulator, line: string): Promise<void> => {
  try {
    print(JSON.stringify(await simulator.control(JSON.parse(line) as Control)))
  } catch (error) {
    print(JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) }))
  }
}

/** Runs the simulator until `quit` is typed or the process is told to end. */
const simulate = ({ settings, faults, seed, prices }: Asked): void => {
  const say = (_: object, text: string): void => print(text)
  const simulator = createSimulator({
    ...settings,
    ...{ faults, schedule, clock: createClock(machineTime(), 1), random: createStream(seed, 1).uniform },
    log: { info: say, warn: say },
  })
  const stopPrices = walkPrices(simulator, prices, createStream(seed, 2))
  simulator.start()
  const months = [...prices.keys()].map((id) =>
    instrumentName(id, contractMonth(frontContract(id, tradeDateAt(specOf(id).group, machineTime())))),
  )
  print(`speaks to ${settings.url} as ${settings.bridge}; ${months.join(', ')}`)
  const lines = createInterface({ input: process.stdin })
  const quit = (): void => {
    lines.close()
    stopPrices()
    simulator.stop()
  }
  lines.on('line', (line) => {
    if (line.trim() === 'quit') quit()
    else if (line.trim() !== '') void obey(simulator, line)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, quit)
}

try {
  const asked = readArguments()
  if (asked === undefined) print(usage)
  else simulate(asked)
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(error instanceof WrongUse || !(error instanceof Error) ? `${text}\n\n${usage}\n` : `${text}\n`)
  process.exitCode = 2
}
