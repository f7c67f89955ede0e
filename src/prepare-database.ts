import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blankFolder } from '#src/adapters/db/blank-folder.ts'
import { connectDatabase } from '#src/adapters/db/connect.ts'

/** The project's folder, whether this runs from source (src/) or from the bundle (dist/). */
const root = fileURLToPath(new URL('..', import.meta.url))

/** Part of the build: leaves the blank database that a first start copies, unless it is there already. */
const prepare = async (): Promise<void> => {
  const blank = blankFolder(root)
  if (existsSync(blank)) return
  // A folder of its own: two builds at once must not meet.
  const making = mkdtempSync(join(root, 'dist', 'blank-'))
  try {
    await (await connectDatabase({ dataDir: making, migrationsFolder: join(root, 'migrations') })).close()
    rmSync(dirname(blank), { recursive: true, force: true })
    mkdirSync(dirname(blank), { recursive: true })
    renameSync(join(making, 'postgres'), blank)
  } finally {
    rmSync(making, { recursive: true })
  }
}

await prepare()
