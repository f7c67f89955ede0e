import { contractMonth } from '#src/domain/instruments/contract-code.ts'
import type { Contract } from '#src/domain/instruments/instrument.ts'
import type { SecondSourcePrice } from '#src/engine/ports.ts'
import type { Schedule } from '../schedule.ts'
import { readPrice } from './chart.ts'
import { type ContractIds, toName } from './contracts.ts'
import type { Conversation } from './conversation.ts'
import { readQuotes } from './quotes.ts'
import type { TradovateSocket } from './socket.ts'
import { createTimers } from './timers.ts'

const source = 'Tradovate'
const askAgainMs = 5_000

/** How the second source stands, and a word for the trader. */
export type PricesState = { readonly word: 'off' | 'connecting' | 'live' | 'down'; readonly detail: string }

/** Creates a second source of prices: the last trade of each followed contract, from quotes alone. */
export const createTradovatePrices = ({
  socket,
  ids,
  contracts,
  schedule,
  onPrice,
}: {
  readonly socket: TradovateSocket
  readonly ids: ContractIds
  readonly contracts: readonly Contract[]
  readonly schedule: Schedule
  readonly onPrice: (price: SecondSourcePrice) => void
}) => {
  const { later, clear } = createTimers(schedule)
  const byId = new Map<number, Contract>()
  let followed = new Map(contracts.map((contract) => [toName(contract), contract]))
  let state: PricesState = { word: 'off', detail: '' }
  let stopping = new AbortController()
  let current: Conversation | undefined
  let leave: (() => void) | undefined

  const listen = async (conversation: Conversation, contract: Contract): Promise<void> => {
    const name = toName(contract)
    const isGone = (): boolean => current !== conversation || !followed.has(name)
    const found = await ids(contract, stopping.signal)
    if (isGone()) return
    if (!found.ok) {
      state = { word: state.word, detail: found.detail }
      if (found.reason === 'unavailable') later(() => void listen(conversation, contract), askAgainMs)
      return
    }
    byId.set(found.value, contract)
    conversation.subscribeQuote(name, (answer) => {
      if (isGone()) return
      if (answer.ok) state = { word: 'live', detail: '' }
      else state = { word: state.word === 'live' ? 'live' : 'down', detail: answer.detail }
    })
  }

  const onQuotes = (d: unknown, receivedTime: number): void => {
    for (const { contractId, at, trade } of readQuotes(d).quotes) {
      const contract = byId.get(contractId)
      if (contract === undefined || !followed.has(toName(contract))) continue
      const price = readPrice(contract.id, trade?.price)
      if (typeof price === 'number')
        onPrice({
          source,
          instrument: contract.id,
          contract: contractMonth(contract),
          price,
          eventTime: at,
          receivedTime,
        })
    }
  }

  const hush = (): void => {
    current = undefined
    clear()
  }

  return {
    start: (): void => {
      leave ??= socket.join({
        onWord: (word, detail) => {
          hush()
          state = { word, detail }
        },
        onReady: (conversation) => {
          hush()
          current = conversation
          for (const contract of followed.values()) void listen(conversation, contract)
        },
        onEvent: (event, d, receivedTime) => {
          if (event === 'md') onQuotes(d, receivedTime)
        },
      })
    },
    stop: (): void => {
      for (const name of followed.keys()) current?.unsubscribeQuote(name)
      stopping.abort()
      stopping = new AbortController()
      hush()
      leave?.()
      leave = undefined
      state = { word: 'off', detail: '' }
    },
    /** Follows these contracts and no others. */
    follow: (next: readonly Contract[]): void => {
      const before = followed
      followed = new Map(next.map((contract) => [toName(contract), contract]))
      if (current === undefined) return
      for (const name of before.keys()) if (!followed.has(name)) current.unsubscribeQuote(name)
      for (const [name, contract] of followed) if (!before.has(name)) void listen(current, contract)
    },
    state: (): PricesState => state,
  }
}
