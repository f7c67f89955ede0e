import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectFolder } from '#src/testing/folders.ts'
import { ConfigError, readConfig, variables } from './config.ts'
import { watchdogVariables } from './watchdog-config.ts'

const wrongOf = (environment: NodeJS.ProcessEnv): unknown => {
  try {
    return readConfig(environment)
  } catch (error) {
    return error instanceof ConfigError ? error.wrong : error
  }
}

const messageOf = (environment: NodeJS.ProcessEnv): string => {
  try {
    readConfig(environment)
    return 'nothing is wrong'
  } catch (error) {
    return String(error)
  }
}

const defaults = {
  port: 3000,
  host: '127.0.0.1',
  dataDir: resolve('data'),
  databaseUrl: undefined,
  redisUrl: undefined,
  role: 'all',
  feed: 'sim',
  feedSleeps: true,
  secondSource: 'none',
  history: { days: 365, adjust: 'none' },
  threads: Math.max(1, availableParallelism() - 1),
  workerThreads: availableParallelism(),
  massive: {
    apiKey: '',
    restUrl: 'https://api.massive.com',
    wsUrl: 'wss://socket.massive.com/futures',
    delayedUrl: 'wss://delayed.massive.com/futures',
    requestsPerMinute: 300,
  },
  tradovate: {
    credentials: { name: '', password: '', appId: 'FuturesCoPilot', appVersion: '1.0', cid: '', secret: '' },
    restUrl: 'https://demo.tradovateapi.com/v1',
    wsUrl: 'wss://demo.tradovateapi.com/v1/websocket',
    mdUrl: 'wss://md.tradovateapi.com/v1/websocket',
  },
  rehearsal: undefined,
  sim: { seed: 7, start: undefined, speed: 1, platform: true },
  replay: { from: undefined, to: undefined, speed: 60 },
  instruments: ['MGC', 'SIL', 'MCL', 'MHG', 'MES', 'MNQ'],
  accountSize: 500_000_000,
  newsFile: resolve('data/news.txt'),
  apiKey: undefined,
  bridgeToken: undefined,
  log: { level: 'info', format: 'json' },
  boundaries: { preMarket: 0, active: 300, windDown: 600, flatBy: 720 },
}

test('nothing needs to be set', () => {
  expect(readConfig({})).toStrictEqual(defaults)
})

test('an empty or blank variable counts as unset', () => {
  expect(readConfig(Object.fromEntries(variables.map((name) => [name, ''])))).toStrictEqual(defaults)
  expect(readConfig(Object.fromEntries(variables.map((name) => [name, ' ']))).port).toBe(3000)
})

test('every variable is heard', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: '/srv/copilot',
      DATABASE_URL: 'postgres://desk:pass@db:5432/copilot',
      REDIS_URL: 'rediss://cache:6380',
      ROLE: 'web',
      FEED: 'replay',
      FEED_SLEEPS: 'no',
      SECOND_SOURCE: 'tradovate',
      HISTORY_DAYS: '30',
      OPTIMIZE_THREADS: '3',
      HISTORY_ADJUST: 'back',
      MASSIVE_API_KEY: 'a massive key',
      MASSIVE_REST_URL: 'http://127.0.0.1:9001',
      MASSIVE_WS_URL: 'ws://127.0.0.1:9001/futures',
      MASSIVE_DELAYED_WS_URL: 'ws://127.0.0.1:9001/delayed/futures',
      MASSIVE_REQUESTS_PER_MINUTE: '5',
      TRADOVATE_NAME: 'name',
      TRADOVATE_PASSWORD: 'password',
      TRADOVATE_APP_ID: 'app',
      TRADOVATE_APP_VERSION: '2.0',
      TRADOVATE_CID: '123',
      TRADOVATE_SECRET: 'secret',
      TRADOVATE_REST_URL: 'http://127.0.0.1:9002/v1',
      TRADOVATE_WS_URL: 'ws://127.0.0.1:9002/v1/websocket',
      TRADOVATE_MD_URL: 'ws://127.0.0.1:9002/md',
      REHEARSAL_CLOCK: '2026-11-20T13:45:00.000Z/2026-11-21T10:00:00.000Z/60',
      SIM_SEED: '2147483647',
      SIM_START: '2026-11-20T08:45:00-05:00',
      SIM_SPEED: '0',
      SIM_NINJATRADER: 'no',
      REPLAY_FROM: '2013-10-09T04:00:00Z',
      REPLAY_TO: '2013-10-09T16:10:00Z',
      REPLAY_SPEED: '0.5',
      INSTRUMENTS: 'MES, GC',
      ACCOUNT_SIZE: '1000.5',
      NEWS_FILE: '/srv/news.txt',
      API_KEY: 'sixteen letters.',
      BRIDGE_TOKEN: 'another sixteen.',
      LOG_LEVEL: 'silent',
      LOG_FORMAT: 'pretty',
      PHASE_PRE_MARKET: '01:00',
      PHASE_ACTIVE: '05:30',
      PHASE_WIND_DOWN: '10:15',
      PHASE_FLAT_BY: '23:59',
    }),
  ).toStrictEqual({
    port: 0,
    host: '127.0.0.1',
    dataDir: '/srv/copilot',
    databaseUrl: 'postgres://desk:pass@db:5432/copilot',
    redisUrl: 'rediss://cache:6380',
    role: 'web',
    feed: 'replay',
    feedSleeps: false,
    secondSource: 'tradovate',
    history: { days: 30, adjust: 'back' },
    threads: 3,
    workerThreads: 3,
    massive: {
      apiKey: 'a massive key',
      restUrl: 'http://127.0.0.1:9001',
      wsUrl: 'ws://127.0.0.1:9001/futures',
      delayedUrl: 'ws://127.0.0.1:9001/delayed/futures',
      requestsPerMinute: 5,
    },
    tradovate: {
      credentials: {
        name: 'name',
        password: 'password',
        appId: 'app',
        appVersion: '2.0',
        cid: '123',
        secret: 'secret',
      },
      restUrl: 'http://127.0.0.1:9002/v1',
      wsUrl: 'ws://127.0.0.1:9002/v1/websocket',
      mdUrl: 'ws://127.0.0.1:9002/md',
    },
    rehearsal: { at: 1_795_182_300_000, began: 1_795_255_200_000, speed: 60 },
    sim: { seed: 2_147_483_647, start: 1_795_182_300_000, speed: 0, platform: false },
    replay: { from: 1_381_291_200_000, to: 1_381_335_000_000, speed: 0.5 },
    instruments: ['MES', 'GC'],
    accountSize: 10_005_000,
    newsFile: '/srv/news.txt',
    apiKey: 'sixteen letters.',
    bridgeToken: 'another sixteen.',
    log: { level: 'silent', format: 'pretty' },
    boundaries: { preMarket: 60, active: 330, windDown: 615, flatBy: 1439 },
  })
})

test.each([
  ['PORT', 'http', 'must be a port number, 0 to 65535'],
  ['PORT', '-1', 'must be a port number, 0 to 65535'],
  ['PORT', '65536', 'must be a port number, 0 to 65535'],
  ['PORT', '80.5', 'must be a port number, 0 to 65535'],
  ['HOST', '0.0.0.0', 'must be 127.0.0.1: there is no login yet, so nothing else may reach the terminal'],
  ['HOST', 'localhost', 'must be 127.0.0.1: there is no login yet, so nothing else may reach the terminal'],
  ['DATABASE_URL', 'mysql://db/copilot', 'must be a URL with postgres:// or postgresql://'],
  ['DATABASE_URL', 'copilot', 'must be a URL with postgres:// or postgresql://'],
  ['REDIS_URL', 'http://cache', 'must be a URL with redis:// or rediss://'],
  ['ROLE', 'worker', 'must be all, engine or web'],
  ['FEED', 'live', 'must be sim, replay, massive or tradovate'],
  ['FEED_SLEEPS', 'maybe', 'must be yes or no'],
  ['SECOND_SOURCE', 'massive', 'must be none or tradovate'],
  ['OPTIMIZE_THREADS', '0', 'must be at least 1'],
  ['OPTIMIZE_THREADS', 'all', 'must be a whole number, 1 to 64'],
  ['HISTORY_DAYS', '0', 'must be at least 1'],
  ['HISTORY_DAYS', '1.5', 'must be days, 1 to 3660'],
  ['HISTORY_ADJUST', 'ratio', 'must be none or back'],
  ['MASSIVE_API_KEY', 'short', 'must have at least 8 characters'],
  ['MASSIVE_REST_URL', 'api.massive.com', 'must be a URL with http:// or https://'],
  ['MASSIVE_WS_URL', 'https://socket.massive.com', 'must be a URL with ws:// or wss://'],
  ['MASSIVE_REQUESTS_PER_MINUTE', '0', 'must be at least 1'],
  ['TRADOVATE_MD_URL', 'http://md', 'must be a URL with ws:// or wss://'],
  ['REHEARSAL_CLOCK', '2026-11-20T13:45:00Z/now/60', 'must be <market ISO instant>/<wall ISO instant>/<speed>'],
  ['REHEARSAL_CLOCK', '2026-11-20T13:45:00Z', 'must be <market ISO instant>/<wall ISO instant>/<speed>'],
  ['SIM_SEED', '1.5', 'must be a whole number, 0 to 2147483647'],
  ['SIM_SEED', '2147483648', 'must be a whole number, 0 to 2147483647'],
  ['SIM_START', '2026-11-20', 'must be an ISO instant with its zone, like 2026-11-20T13:45:00Z'],
  ['SIM_START', '2026-11-20T13:45:00', 'must be an ISO instant with its zone, like 2026-11-20T13:45:00Z'],
  ['SIM_START', '2009-01-02T13:45:00Z', 'must be from 2010-03-01 to 2028-12-31'],
  ['SIM_NINJATRADER', 'maybe', 'must be yes or no'],
  ['SIM_SPEED', 'fast', 'must be a number'],
  ['SIM_SPEED', 'Infinity', 'must be a number'],
  ['SIM_SPEED', '-1', 'must not be negative'],
  ['REPLAY_FROM', '2026-02-30T00:00:00Z', 'must be an ISO instant with its zone, like 2026-11-20T13:45:00Z'],
  ['REPLAY_TO', 'tomorrow', 'must be an ISO instant with its zone, like 2026-11-20T13:45:00Z'],
  ['REPLAY_SPEED', '3601', 'must be at most 3600'],
  ['INSTRUMENTS', 'MES,ZB', 'names an unknown instrument: ZB'],
  ['INSTRUMENTS', 'MES,MES', 'names an instrument twice'],
  ['ACCOUNT_SIZE', '50k', 'must be dollars'],
  ['ACCOUNT_SIZE', '999', 'must be at least 1000 dollars'],
  ['ACCOUNT_SIZE', '100000001', 'must be at most 100000000 dollars'],
  ['API_KEY', 'fifteen letters', 'must have at least 16 characters'],
  ['BRIDGE_TOKEN', 'short', 'must have at least 16 characters'],
  ['LOG_LEVEL', 'loud', 'must be trace, debug, info, warn, error or silent'],
  ['LOG_FORMAT', 'text', 'must be json or pretty'],
  ['PHASE_PRE_MARKET', '24:00', 'must be a time of day in New York, like 05:00'],
  ['PHASE_ACTIVE', '5:00', 'must be a time of day in New York, like 05:00'],
  ['PHASE_WIND_DOWN', '10:60', 'must be a time of day in New York, like 05:00'],
  ['PHASE_FLAT_BY', 'noon', 'must be a time of day in New York, like 05:00'],
])('%s=%s %s', (variable, value, reason) => {
  expect(wrongOf({ [variable]: value })).toEqual([{ variable, reason }])
})

describe('variables that do not go together', () => {
  test.each([
    [{ PHASE_PRE_MARKET: '05:00' }, 'PHASE_ACTIVE', 'must be after PHASE_PRE_MARKET'],
    [{ PHASE_WIND_DOWN: '04:00' }, 'PHASE_WIND_DOWN', 'must be after PHASE_ACTIVE'],
    [{ PHASE_FLAT_BY: '10:00' }, 'PHASE_FLAT_BY', 'must be after PHASE_WIND_DOWN'],
    [{ FEED: 'replay', REPLAY_TO: '2013-10-09T16:10:00Z' }, 'REPLAY_FROM', 'is needed when FEED=replay'],
    [{ FEED: 'replay', REPLAY_FROM: '2013-10-09T16:10:00Z' }, 'REPLAY_TO', 'is needed when FEED=replay'],
    [
      { REPLAY_FROM: '2013-10-09T04:00:00Z', REPLAY_TO: '2013-10-09T04:00:00Z' },
      'REPLAY_TO',
      'must be after REPLAY_FROM',
    ],
    [{ ROLE: 'web', DATABASE_URL: 'postgres://db/copilot' }, 'REDIS_URL', 'is needed when ROLE=web'],
    [{ FEED: 'massive' }, 'MASSIVE_API_KEY', 'is needed when FEED=massive'],
    [
      { FEED: 'tradovate', TRADOVATE_NAME: 'a', TRADOVATE_PASSWORD: 'b', TRADOVATE_CID: 'c' },
      'TRADOVATE_SECRET',
      'is needed when FEED=tradovate',
    ],
    [
      { SECOND_SOURCE: 'tradovate', TRADOVATE_NAME: 'a', TRADOVATE_PASSWORD: 'b', TRADOVATE_SECRET: 'c' },
      'TRADOVATE_CID',
      'is needed when SECOND_SOURCE=tradovate',
    ],
    [{ ROLE: 'engine', REDIS_URL: 'redis://cache' }, 'DATABASE_URL', 'is needed when ROLE=engine'],
  ] as const)('%o: %s %s', (environment, variable, reason) => {
    expect(wrongOf(environment)).toEqual([{ variable, reason }])
  })
})

test('everything wrong is told at once, each mistake once', () => {
  const environment = {
    PORT: '-1.5',
    ROLE: 'web',
    FEED: 'replay',
    REPLAY_FROM: 'yesterday',
    PHASE_ACTIVE: '25:00',
    PHASE_WIND_DOWN: '04:00',
    PHASE_FLAT_BY: '03:00',
  }
  expect(messageOf(environment)).toBe(
    [
      'ConfigError: The configuration is wrong:',
      '  PORT: must be a port number, 0 to 65535',
      '  REPLAY_FROM: must be an ISO instant with its zone, like 2026-11-20T13:45:00Z',
      '  PHASE_ACTIVE: must be a time of day in New York, like 05:00',
      '  PHASE_FLAT_BY: must be after PHASE_WIND_DOWN',
      '  REPLAY_TO: is needed when FEED=replay',
      '  DATABASE_URL: is needed when ROLE=web',
      '  REDIS_URL: is needed when ROLE=web',
    ].join('\n'),
  )
})

test.each([
  ['DATABASE_URL', 'mysql://desk:hunter2@db/copilot'],
  ['REDIS_URL', 'http://:hunter2@cache'],
  ['API_KEY', 'hunter2'],
  ['BRIDGE_TOKEN', 'hunter2'],
])('the message about %s does not repeat its value', (variable, value) => {
  expect(messageOf({ [variable]: value })).toContain(`  ${variable}: must `)
  expect(messageOf({ [variable]: value })).not.toContain('hunter2')
})

describe('.env.example', () => {
  const lines = readFileSync(join(projectFolder, '.env.example'), 'utf8').matchAll(/^#([A-Z_]+)=(.*)$/gm)
  const example = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]))

  test('names exactly the variables there are', () => {
    expect(Object.keys(example).sort()).toEqual([...new Set([...variables, ...watchdogVariables])].sort())
  })

  test('shows values that could be used as they stand, the defaults where there are any', () => {
    const config = readConfig(example)
    expect({
      ...config,
      databaseUrl: undefined,
      redisUrl: undefined,
      sim: { ...config.sim, start: undefined },
      replay: { ...config.replay, from: undefined, to: undefined },
    }).toStrictEqual(defaults)
  })
})
