import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as letOthersRun, setTimeout as wait } from 'node:timers/promises'
import { machineTime } from '#src/adapters/clock.ts'
import { aggregateRows, aggregateRules } from './aggregates.ts'
import type { Counts } from './counts.ts'
import type { Faults } from './faults.ts'
import type { Market } from './market.ts'
import { delayMs, isEntitled, isRealTime, type Plan } from './plan.ts'
import { printRows, quoteRules, tradeRules } from './prints.ts'
import { type Asked, limitOf, queryTable, Refusal, type Row, type Rules, writeJson } from './query.ts'
import * as reference from './reference.ts'
import { snapshotRows, snapshotRules } from './snapshot.ts'

/** Longest stretch of work before others get their turn, ms. */
const turnMs = 10

type Endpoint = { readonly rows: Iterable<Row>; readonly rules: Rules; readonly counted?: boolean }

/** What a cursor carries: the first request's parameters, the rows already given, and the instant all pages stand at. */
type Cursor = { readonly asked: string; readonly skip: number; readonly asOf: number }

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url')

const readCursor = (text: string): Cursor => {
  try {
    const { asked, skip, asOf } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Cursor>
    if (typeof asked === 'string' && typeof skip === 'number' && typeof asOf === 'number') return { asked, skip, asOf }
  } catch {}
  throw new Refusal(400, 'Invalid cursor')
}

/** Takes a page of rows, and whether more follow; lets others run meanwhile. */
const takePage = async (rows: Iterable<Row>, skip: number, limit: number) => {
  const page: Row[] = []
  let index = 0
  let turnEnds = machineTime() + turnMs
  for (const row of rows) {
    if (index >= skip + limit) return { page, more: true }
    if (index++ >= skip) page.push(row)
    if (index % 100 === 0 && machineTime() > turnEnds) {
      await letOthersRun()
      turnEnds = machineTime() + turnMs
    }
  }
  return { page, more: false }
}

const keyOf = ({ headers }: IncomingMessage, params: URLSearchParams): string | undefined =>
  /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? params.get('apiKey') ?? undefined

/** Creates the answering side of the vendor's REST interface. */
export const createRest = ({
  market,
  now,
  key,
  plan,
  faults,
  counts,
  random,
  baseUrl,
}: {
  readonly market: Market
  readonly now: () => number
  readonly key: string
  readonly plan: Plan
  readonly faults: Faults
  readonly counts: Counts
  readonly random: () => number
  readonly baseUrl: () => string
}): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const requestId = (): string => Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')

  const reply = (response: ServerResponse, status: number, text: string, headers = {}): void => {
    counts.answers[status] = (counts.answers[status] ?? 0) + 1
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
  const refuse = (response: ServerResponse, status: number, message: string, headers = {}): void => {
    const words = status === 403 ? { status: 'NOT_AUTHORIZED', message } : { status: 'ERROR', error: message }
    reply(response, status, JSON.stringify({ ...words, request_id: requestId() }), headers)
  }

  const seen = () => ({
    trades: isEntitled(plan, 'T', faults),
    quotes: isEntitled(plan, 'Q', faults),
    timeframe: isRealTime(plan) ? ('REAL-TIME' as const) : ('DELAYED' as const),
  })

  const history = (resource: string, ticker: string, asked: Asked): Endpoint => {
    const kind = resource === 'trades' ? 'trade' : 'quote'
    const rules = resource === 'aggs' ? aggregateRules : kind === 'trade' ? tradeRules : quoteRules
    if (resource !== 'aggs' && !isEntitled(plan, kind === 'trade' ? 'T' : 'Q', faults))
      throw new Refusal(
        403,
        'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing',
      )
    const contract = market.contractOf(ticker, asked.asOf)
    if (contract === undefined) return { rows: [], rules }
    const rows = resource === 'aggs' ? aggregateRows(market, contract, asked) : printRows(market, contract, kind, asked)
    return { rows, rules }
  }

  const table = (resource: string, asked: Asked): Endpoint => {
    const from = (rows: Iterable<Row>, rules: Rules, counted = false): Endpoint => ({
      rows: queryTable(rows, rules, asked.params),
      rules,
      counted,
    })
    switch (resource) {
      case 'contracts':
        return from(reference.contractRows(market, asked), reference.contractRules)
      case 'products':
        return from(reference.productRows(market, asked), reference.productRules)
      case 'schedules':
        return from(reference.scheduleRows(market, asked), reference.scheduleRules)
      case 'market-status':
        return from(reference.statusRows(market, asked), reference.statusRules)
      case 'exchanges':
        return from(reference.exchangeRows(), reference.exchangeRules, true)
      case 'snapshot':
        return from(snapshotRows(market, asked, seen()), snapshotRules, true)
      default:
        throw new Refusal(404, 'The requested resource was not found')
    }
  }

  const endpointOf = (path: string, asked: Asked): Endpoint => {
    const [, resource = '', ticker] = /^\/futures\/v[1X]\/([a-z-]+)(?:\/([^/]+))?$/.exec(path) ?? []
    if (ticker === undefined) return table(resource, asked)
    if (!['aggs', 'trades', 'quotes'].includes(resource)) throw new Refusal(404, 'The requested resource was not found')
    return history(resource, decodeURIComponent(ticker), asked)
  }

  /** Where the next page is: an absolute address that carries the cursor and never the key. */
  const nextUrl = (path: string, url: URL, cursor: Cursor): string => {
    const wrong = faults.of('wrong-next-url')?.to
    if (wrong === 'loop')
      return `${baseUrl()}${path}?cursor=${url.searchParams.get('cursor') ?? writeCursor({ ...cursor, skip: 0 })}`
    return `${wrong ?? baseUrl()}${path}?cursor=${writeCursor(cursor)}`
  }

  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    const given = url.searchParams.get('cursor')
    url.searchParams.delete('apiKey')
    const cursor =
      given === null
        ? { asked: url.searchParams.toString(), skip: 0, asOf: now() - (isRealTime(plan) ? 0 : delayMs) }
        : readCursor(given)
    const params = new URLSearchParams(cursor.asked)
    const { rows, rules, counted } = endpointOf(url.pathname, { params, asOf: cursor.asOf })
    const limit = limitOf(rules, params)
    const { page, more } = await takePage(rows, cursor.skip, limit)
    const next = more ? nextUrl(url.pathname, url, { ...cursor, skip: cursor.skip + limit }) : undefined
    reply(
      response,
      200,
      writeJson({
        status: 'OK',
        request_id: requestId(),
        count: counted ? page.length : undefined,
        next_url: next,
        results: page,
      }),
    )
  }

  /** The error REST is to answer with, if any; one that is to come a number of times is counted down. */
  const injectedError = () => {
    const error = faults.of('rest-error')
    if (error?.times === 1) faults.clear('rest-error')
    else if (error?.times !== undefined) faults.inject({ ...error, times: error.times - 1 })
    return error
  }

  return async (request, response) => {
    const url = new URL(request.url ?? '/', baseUrl())
    try {
      const slow = faults.of('slow-pages')
      if (slow) await wait(slow.ms)
      const error = injectedError()
      if (error) {
        const headers = error.retryAfterS === undefined ? {} : { 'retry-after': String(error.retryAfterS) }
        const words = error.status === 429 ? "You've exceeded the maximum requests per minute" : 'Internal error'
        return refuse(response, error.status, words, headers)
      }
      if (keyOf(request, url.searchParams) !== key || faults.of('auth-refused'))
        return refuse(response, 401, 'Unknown API Key')
      await answer(url, response)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refuse(response, error.status, error.message)
    }
  }
}
