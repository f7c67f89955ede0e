import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { type Env, refuse } from '../refusal.ts'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

type Asset = { readonly type: string; readonly hash: string; readonly plain: Buffer; readonly gzip: Buffer }

/** The files a page loads, by name. */
export type Assets = ReadonlyMap<string, Asset>

const readAsset = (path: string): Asset => {
  const plain = readFileSync(path)
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 16)
  return { type: types[extname(path)] ?? '', hash, plain, gzip: gzipSync(plain, { level: 9 }) }
}

/** Reads and compresses the files once, at start; of two with one name the earlier folder's wins. Throws when a folder is missing. */
export const readAssets = (folders: readonly string[]): Assets =>
  new Map(
    folders
      .toReversed()
      .flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const))
      .filter(([name]) => extname(name) in types)
      .map(([name, path]) => [name, readAsset(path)]),
  )

/** The address of a file with its content's hash, so that a browser may keep it for ever. */
export const assetUrl = (assets: Assets, name: string): string => {
  const hash = assets.get(name)?.hash
  return hash === undefined ? `/public/${name}` : `/public/${name}?v=${hash}`
}

/** `GET /public/:name`: for ever under its own hash, else asked again each time. */
export const publicFiles = (assets: Assets) =>
  new Hono<Env>().get('/public/:name', (c) => {
    const asset = assets.get(c.req.param('name'))
    if (asset === undefined) return refuse(c, 404, 'path', 'unknown-path')
    const etag = `W/"${asset.hash}"`
    c.header('etag', etag)
    c.header('vary', 'accept-encoding')
    c.header('cache-control', c.req.query('v') === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (c.req.header('if-none-match') === etag) return c.body(null, 304)
    c.header('content-type', asset.type)
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(new Uint8Array(asset.plain))
    c.header('content-encoding', 'gzip')
    return c.body(new Uint8Array(asset.gzip))
  })
