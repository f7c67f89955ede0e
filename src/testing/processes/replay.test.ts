import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FocusCard } from '#src/domain/signals/focus-card.ts'
import { preparedFolder, startTerminal, type Terminal } from '../terminal.ts'
import { launch } from './launch.ts'

const shared = process.env['ORACLES_DIR'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const fileOf = (root: string): string => `${shared}/data/lean-futures/${root}_1m_trade.csv.gz`

describe.skipIf(!existsSync(fileOf('ES')))('recorded minutes, imported and replayed', () => {
  let folder: string
  let terminal: Terminal
  const imported: string[] = []

  beforeAll(async () => {
    folder = await preparedFolder('pglite')
    for (const [instrument, root] of [
      ['MES', 'ES'],
      ['MGC', 'GC'],
    ] as const) {
      const run = launch('import.js', { DATA_DIR: folder }, '--instrument', instrument, '--file', fileOf(root))
      const code = await run.end()
      imported.push(`${code} ${run.said()}`)
    }
    terminal = await startTerminal({
      dataDir: folder,
      env: {
        FEED: 'replay',
        REPLAY_FROM: '2013-10-09T11:55:00Z',
        REPLAY_TO: '2013-10-09T12:00:00Z',
        REPLAY_SPEED: '60',
        INSTRUMENTS: 'MES,MGC',
      },
    })
  }, 120_000)
  afterAll(async () => {
    await terminal?.stop()
    rmSync(folder, { recursive: true })
  })

  const cardAt = (instrument: string, asOf: string) => async (): Promise<FocusCard | undefined> => {
    const answer = await fetch(`${terminal.url}/api/focus`, { headers: { 'x-api-key': terminal.apiKey } })
    return ((await answer.json()) as FocusCard[]).find(
      (card) => card.instrument === instrument && card.asOf === Date.parse(asOf),
    )
  }

  test('both files were taken in', () => {
    expect(imported).toEqual([expect.stringMatching(/^0 .*23,948/s), expect.stringMatching(/^0 .*8,043/s)])
  })

  test('at 08:00 in New York the cards are those of that morning', async () => {
    const patience = { timeout: 30_000 }
    const asOf = '2013-10-09T12:00:00Z'
    await expect.poll(cardAt('MGC', asOf), patience).toMatchObject({
      bias: 'short',
      state: 'watching',
      bracket: { zone: { low: 1312.4, high: 1312.9 }, stop: 1318.1, target1: 1306.4, target2: 1297.3 },
      size: { contracts: 2 },
    })
    await expect.poll(cardAt('MES', asOf), patience).toMatchObject({
      bias: 'long',
      state: 'triggered',
      bracket: { zone: { low: 1656, high: 1656.5 }, stop: 1653.75, target1: 1663, target2: 1671.5 },
      size: { contracts: 10 },
    })
  }, 60_000)
})
