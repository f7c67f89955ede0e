import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWindows } from '#src/domain/optimization/walk-forward-windows.ts'
import type { WantedStudy } from '#src/worker/study/study-room.ts'
import type { Config } from './config.ts'

/** The key the terminal has made for programs; only the terminal makes it. */
const keyOf = ({ apiKey, dataDir }: Config): string => {
  const path = join(dataDir, 'api-key')
  if (apiKey !== undefined) return apiKey
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  throw new Error(`${path} is missing: a terminal that has run on this folder keeps its key there, or set API_KEY`)
}

/** Asks the running terminal for a study and says where it is seen; throws with the terminal's reason when it refuses. */
export const askTerminal = async (
  { instrument, strategy, method, budget, windows }: WantedStudy,
  config: Config,
): Promise<string> => {
  const terminal = `http://${config.host}:${config.port}`
  const answer = await fetch(`${terminal}/actions/optimize_now`, {
    method: 'POST',
    headers: { 'x-api-key': keyOf(config), 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ instrument, strategy, method, budget: String(budget) },
      ...(windows && { windows: writeWindows(windows) }),
    }),
  }).catch((cause: unknown) => {
    throw new Error(`No terminal answers at ${terminal}`, { cause })
  })
  if (!answer.ok) throw new Error(`The terminal refused: ${await answer.text()}`)
  const { studies } = (await answer.json()) as { studies: readonly string[] }
  return studies.map((id) => `Asked: ${terminal}/lab/studies/${id}\n`).join('')
}
