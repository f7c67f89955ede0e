import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockFolder } from '#src/adapters/db/folder-lock.ts'
import { projectFolder } from '../folders.ts'
import { recordedMornings } from '../study-database.ts'
import type { Variables } from './launch.ts'

const folder = mkdtempSync(join(tmpdir(), 'copilot-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))

let databaseUrl: string
beforeAll(async () => {
  databaseUrl = await (await recordedMornings(60))()
}, 60_000)

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a built command to its end, what it prints and what it says apart. */
const run = (program: string, line: string, more: Variables = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: databaseUrl, DATA_DIR: folder, ...more }
    const child = spawn(process.execPath, [join(projectFolder, 'dist', program), ...line.split(' ')], { env })
    const said = { out: '', err: '' }
    child.stdout.on('data', (text) => {
      said.out += text
    })
    child.stderr.on('data', (text) => {
      said.err += text
    })
    child.once('close', (code) => resolve({ code, ...said }))
  })

const mornings = '--instrument MGC --strategy opening-range --recorded'

test('a backtest prints a table in dollars and R, and the same again', async () => {
  const first = await run('backtest.js', `${mornings} --set stop=2`)
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(first.out).toMatch(
    /^Opening-range breakout, MGC, 2025-09-02 to 2025-11-24 \(60 trade dates\)\nwindow=5 .*stop=2 /,
  )
  expect(first.out).toMatch(/\nNet +\+\$[\d,]+\.\d\d .* a day\n/)
  expect(first.out).toMatch(/\nA trade +\+\d\.\d\dR +95 %: /)
  expect(await run('backtest.js', `${mornings} --set stop=2`)).toEqual(first)
})

test('what a table says the JSON says exactly, and the CSV trade by trade', async () => {
  const [json, csv, doubled] = await Promise.all([
    run('backtest.js', `${mornings} --json`),
    run('backtest.js', `${mornings} --csv`),
    run('backtest.js', `${mornings} --json --costs-doubled`),
  ])
  const { spec, report } = JSON.parse(json.out)
  expect(spec).toMatchObject({ instrument: 'MGC', strategy: 'opening-range', from: '2025-09-02', seed: 7 })
  const rows = csv.out.trimEnd().split('\r\n')
  expect(rows[0]).toMatch(/^trade_date,entered_utc,/)
  expect(rows).toHaveLength(report.trades + 1)
  const sum = rows.slice(1).reduce((net, row) => net + Number(row.split(',')[7]) * 10_000, 0)
  expect(Math.round(sum)).toBe(report.net)
  expect(JSON.parse(doubled.out).report.net).toBe(report.costsDoubled.net)
})

test('an optimisation prints its verdict, and every set it tried', async () => {
  const study = `${mornings} --method random --budget 16`
  const table = await run('optimize.js', study)
  expect(table.code, table.err).toBe(0)
  expect(table.out).toContain('16 of 5,880 sets tried, random')
  expect(table.out).toMatch(/\n(HONEST|NOT TO BE BELIEVED): /)
  expect(table.out).toMatch(/\nTried on +learned +unseen +net +trades +kept +parameters\n/)
  const csv = await run('optimize.js', `${study} --csv`)
  const rows = csv.out.trimEnd().split('\r\n')
  expect(rows[0]).toBe('number,window,beyond,volume,stop,target,trades,wins,net_dollars,r,r_per_trade')
  expect(rows.slice(1).map((row) => Number(row.split(',')[0]))).toEqual([...Array(16).keys()])
})

test('a wrong argument ends with code 2 and its name, nothing stored with code 1 and how to get there', async () => {
  const [wrong, helped, empty] = await Promise.all([
    run('backtest.js', '--instrument MGC --strategy martingale'),
    run('optimize.js', '--help'),
    run('backtest.js', '--instrument MGC --strategy rsi'),
  ])
  expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^--strategy: must be one of /) })
  expect(helped).toMatchObject({ code: 0, out: expect.stringContaining('npm run optimize -- '), err: '' })
  expect(empty).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^nothing of MGC is stored\n.*--recorded/),
  })
})

test('while a terminal runs on the embedded folder a command is refused, and may ask the terminal instead', async () => {
  const dataDir = join(folder, 'taken')
  mkdirSync(dataDir)
  const embedded = { DATABASE_URL: '', DATA_DIR: dataDir }
  const unlock = await lockFolder(join(dataDir, 'postgres.lock'))
  const refused = await run('optimize.js', '--instrument MGC --strategy rsi', embedded)
  unlock()
  expect(refused).toMatchObject({
    ...{ code: 1, out: '' },
    err: expect.stringMatching(new RegExp(`is in use by process ${process.pid}\\..*\\n.*--ask`)),
  })

  const heard: unknown[] = []
  const terminal = createServer((request, response) => {
    let body = ''
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      heard.push([request.method, request.url, request.headers['x-api-key'], JSON.parse(body)])
      response.writeHead(202).end(JSON.stringify({ accepted: true, studies: ['abc'] }))
    })
  })
  await new Promise<void>((resolve) => terminal.listen(0, '127.0.0.1', resolve))
  const PORT = String((terminal.address() as AddressInfo).port)
  const line = '--instrument MGC --strategy rsi --budget 50 --ask'
  expect(await run('optimize.js', line, { ...embedded, PORT })).toMatchObject({
    ...{ code: 1, out: '' },
    err: expect.stringMatching(/api-key is missing/),
  })
  writeFileSync(join(dataDir, 'api-key'), 'a-key-of-enough-letters\n')
  expect(await run('optimize.js', line, { ...embedded, PORT })).toEqual({
    ...{ code: 0, err: '' },
    out: `Asked: http://127.0.0.1:${PORT}/lab/studies/abc\n`,
  })
  expect(heard).toEqual([
    [
      'POST',
      '/actions/optimize_now',
      'a-key-of-enough-letters',
      { instrument: 'MGC', strategy: 'rsi', method: 'model', budget: '50' },
    ],
  ])
  await new Promise((resolve) => terminal.close(resolve))
})

test('a worker without database and queue names what is missing', async () => {
  expect(await run('work.js', '', { DATABASE_URL: '' })).toEqual({
    ...{ code: 1, out: '' },
    err: 'The configuration is wrong:\n  DATABASE_URL: is needed by a worker\n  REDIS_URL: is needed by a worker\n',
  })
})
