import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Each room and the rooms to its left, which alone it may import. `testing` and `main` stand outside and see all. */
const mayImport: Record<string, readonly string[]> = {
  domain: [],
  views: ['domain'],
  engine: ['domain'],
  adapters: ['domain', 'engine'],
  worker: ['domain', 'engine', 'adapters'],
  http: ['domain', 'engine', 'adapters', 'views'],
}
const impure =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.|\bprocess\.|\bawait\b|\bsetTimeout\(|\bsetInterval\(|from '(?!#src\/domain\/|\.)|import\(/
const clocks = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/
const environment = /\bprocess\.env\b/

const roomOf = (path: string): string => path.replace(/^#?(?:src\/)?/, '').split('/')[0] ?? ''
const vendorOf = (path: string): string | undefined => /adapters\/feed\/([a-z-]+)\//.exec(path)?.[1]

/** Where an import lands: `./x.ts` and `../x.ts` are resolved, so a relative path cannot walk around the rule. */
const landing = (path: string, target: string): string =>
  target.startsWith('#')
    ? target.slice(1)
    : target.startsWith('.')
      ? new URL(target, `file:///${path}`).pathname.slice(1)
      : `package:${target}`

const imports = (path: string, source: string): string[] =>
  [...source.matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, target]) => landing(path, target ?? ''))

const breaches = (path: string, source: string): string[] => {
  const from = roomOf(path)
  const targets = imports(path, source).filter((target) => !target.startsWith('package:'))
  return [
    ...targets
      .map(roomOf)
      .filter((to) => from !== to && mayImport[from]?.includes(to) === false)
      .map((to) => `${path}: ${from} must not import ${to}`),
    ...targets
      .filter((target) => vendorOf(path) !== undefined && ![undefined, vendorOf(path)].includes(vendorOf(target)))
      .map((target) => `${path}: two vendors never meet (${target})`),
    ...(from === 'domain' && impure.test(source) ? [`${path}: domain must stay pure`] : []),
    ...(clocks.test(source) && from in mayImport && path !== 'src/adapters/clock.ts' && from !== 'domain'
      ? [`${path}: time and chance are arguments`]
      : []),
    ...(environment.test(source) && from in mayImport ? [`${path}: only config.ts reads the environment`] : []),
  ]
}

const sources = ['src', 'views'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => `${root}/${file}`)
    .filter((path) => /(?<!\.test|\.bench)\.tsx?$/.test(path)),
)

test('rooms import one way and the domain is pure', () => {
  expect(sources.length).toBeGreaterThan(0)
  expect(sources.flatMap((path) => breaches(path, readFileSync(path, 'utf8')))).toEqual([])
})

test('only the rooms of the plan exist', () => {
  const rooms = new Set(sources.filter((path) => path.split('/').length > 2).map(roomOf))
  expect([...rooms].filter((room) => !(room in mayImport) && room !== 'testing' && room !== 'views')).toEqual([])
})

test('the check bites', () => {
  expect(breaches('src/domain/bar.ts', "import { app } from '#src/http/app.ts'")).toHaveLength(2)
  expect(breaches('src/domain/market/bar.ts', "import { app } from '../../http/app.ts'")).toHaveLength(1)
  expect(breaches('src/domain/bar.ts', 'const t = Date.now()')).toHaveLength(1)
  expect(breaches('src/domain/bar.ts', "import { ckmeans } from 'simple-statistics'")).toHaveLength(1)
  expect(breaches('src/engine/desk.ts', 'const t = Date.now()')).toHaveLength(1)
  expect(breaches('src/http/app.ts', 'process.env.PORT')).toHaveLength(1)
  expect(breaches('src/http/app.ts', "import { x } from '#src/worker/night.ts'")).toHaveLength(1)
  expect(breaches('src/adapters/feed/replay/a.ts', "import { x } from '../synthetic/b.ts'")).toHaveLength(1)
  expect(breaches('views/card.tsx', "import { db } from '#src/adapters/db/connect.ts'")).toHaveLength(1)
  expect(breaches('src/http/app.tsx', "import { Card } from '#views/card.tsx'")).toHaveLength(0)
})
