import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Zippable, zipSync } from 'fflate'

/** What NinjaTrader imports as it is: flat, Info.xml first. */
const files = ['Info.xml', 'CoPilotBridge.cs', 'FKSCore.cs', 'FKSVolume.cs', 'README.md'] as const

/** A fixed date, so that the same sources make the same archive. */
const mtime = new Date(2026, 0, 1)

/** The archive for Tools → Import → NinjaScript Add-On, from the folder with the sources. Throws when one is missing. */
export const bridgeArchive = (folder: string): Uint8Array<ArrayBuffer> =>
  zipSync(
    Object.fromEntries(
      files.map((name): [string, Zippable[string]] => [
        name,
        [new Uint8Array(readFileSync(join(folder, name))), { mtime }],
      ]),
    ),
  )
