import { chance, machineTime, schedule } from '#src/adapters/clock.ts'
import { checkCalendar } from '#src/adapters/feed/massive/calendar-check.ts'
import { createMassiveFeed } from '#src/adapters/feed/massive/feed.ts'
import { createMassiveHistory } from '#src/adapters/feed/massive/history.ts'
import { createMassiveRest } from '#src/adapters/feed/massive/rest.ts'
import type { BrokerReading } from '#src/adapters/feed/tradovate/account-state.ts'
import { createTradovate } from '#src/adapters/feed/tradovate/tradovate.ts'
import { keepSecret } from '#src/adapters/secrets.ts'
import type { Config } from '#src/config.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { BrokerHoldings } from '#src/domain/picture.ts'
import type { Clock, HistorySource, LiveFeed, SecondSourcePrice } from '#src/engine/ports.ts'

/** A vendor's parts, made for one run. */
export type Vendor = {
  readonly name: string
  /** Whether this is the vendor itself and no stand-in. */
  readonly real: boolean
  readonly history: HistorySource
  readonly createFeed: (contracts: readonly Contract[]) => LiveFeed
  /** Listens to what it knows beside prices; returns how to follow other contracts. */
  readonly listen: (contracts: readonly Contract[], ears: Ears) => (contracts: readonly Contract[]) => void
  /** The vendor's hours against ours on the trade dates `from` to `to`, where it tells them: one line for each that differs. */
  readonly compareHours?: (from: string, to: string, signal: AbortSignal) => Promise<readonly string[]>
  readonly stop: () => Promise<void>
}

/** What only some vendors know beside prices. */
type Ears = {
  readonly onServerTime: (serverMs: number, wallBefore: number, wallAfter: number) => void
  readonly onPrice: (price: SecondSourcePrice) => void
  readonly onBroker: (reading: BrokerHoldings) => void
}

type Room = { readonly config: Config; readonly clock: Clock }

const isHost = (url: string, domains: readonly string[]): boolean => {
  const { hostname } = new URL(url)
  return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}

const massiveDomains = ['massive.com', 'polygon.io']

/** A contract or account of which only the number is known so far. */
const unnamed = '?'

const tradovateDomains = ['tradovateapi.com']

const openTradovate = ({ config: { tradovate, dataDir }, clock }: Room) => {
  const { restUrl, mdUrl, wsUrl, credentials } = tradovate
  const vendor = isHost(mdUrl, tradovateDomains)
  // Not the key of anything, but it must stay the same for one installation.
  const deviceId = keepSecret(dataDir, 'device-id').value.slice(0, 40)
  const urls = { restUrl, mdUrl, userUrl: wsUrl }
  return {
    real: vendor,
    parts: createTradovate({
      ...urls,
      credentials: { ...credentials, deviceId },
      clock,
      schedule,
      random: chance,
      vendor,
    }),
  }
}

const toHoldings = ({ positions, fills }: BrokerReading): BrokerHoldings => ({
  source: 'Tradovate',
  asOf: machineTime(),
  positions: positions.map(({ netQuantity, contract = unnamed, ...position }) => ({
    ...position,
    contract,
    quantity: netQuantity,
  })),
  fills: fills.map(({ account = unnamed, contract = unnamed, side, quantity, price, at }) => ({
    account,
    contract,
    side,
    quantity,
    price,
    at,
  })),
})

const tradovateVendor = (room: Room): Vendor => {
  const { real, parts } = openTradovate(room)
  let account: ReturnType<typeof parts.account> | undefined
  return {
    name: 'tradovate',
    real,
    history: parts.history(),
    createFeed: parts.feed,
    listen: (_, { onBroker }) => {
      account = parts.account((reading) => onBroker(toHoldings(reading)))
      account.start()
      return () => {}
    },
    stop: async () => {
      account?.stop()
      parts.close()
    },
  }
}

const massiveVendor = (room: Room): Vendor => {
  const { config, clock } = room
  const { apiKey, restUrl, wsUrl, delayedUrl, requestsPerMinute } = config.massive
  const time = { wall: machineTime, schedule, random: chance }
  let hearTime: Ears['onServerTime'] = () => {}
  const onServerTime: Ears['onServerTime'] = (...told) => hearTime(...told)
  const rest = createMassiveRest({ baseUrl: restUrl, apiKey, requestsPerMinute, onServerTime, ...time })
  const real = isHost(wsUrl, massiveDomains)
  const second = config.secondSource === 'tradovate' ? openTradovate(room).parts : undefined
  let stop = (): void => {}
  let feed: LiveFeed | undefined
  return {
    name: 'massive',
    real,
    // A delayed plan is not told the newest minutes, whatever it asks.
    history: createMassiveHistory({ rest, wall: () => clock.now() - (feed?.status().delayMs ?? 0) }),
    createFeed: (contracts) => {
      feed = createMassiveFeed({ wsUrl, delayedUrl, apiKey, contracts, clock, vendor: real, ...time })
      return feed
    },
    compareHours: async (from, to, signal) => {
      const answer = await checkCalendar(rest, config.instruments, { from, to }, signal)
      if (!answer.ok) return []
      return answer.value.map(
        ({ product, tradeDate }) => `the vendor’s hours of ${product} on ${tradeDate} are not those of our calendar`,
      )
    },
    listen: (contracts, { onPrice, onBroker, onServerTime: onTime }) => {
      hearTime = onTime
      const prices = second?.prices(contracts, onPrice)
      const account = second?.account((reading) => onBroker(toHoldings(reading)))
      prices?.start()
      account?.start()
      stop = () => {
        prices?.stop()
        account?.stop()
        second?.close()
      }
      return (next) => prices?.follow(next)
    },
    stop: async () => stop(),
  }
}

/** Makes the parts of the vendor the configuration names; nothing connects before it is started or asked. */
export const openVendor = (room: Room): Vendor =>
  room.config.feed === 'tradovate' ? tradovateVendor(room) : massiveVendor(room)
