import { studyOf, trialsOf } from '#src/adapters/db/studies.ts'
import { strategies } from '#src/domain/backtest/strategies/all.ts'
import type { WantedStudy } from '#src/worker/study/study-room.ts'
import { askTerminal } from './ask-terminal.ts'
import { type Order, readOptimize } from './lab-arguments.ts'
import { type LabRoom, runCommand, say } from './lab-command.ts'
import { studyTable, trialsCsv } from './study-table.ts'

const usage = `Searches better parameters of a strategy on stored bars, and proves them on dates the search has not seen.
Broken off, the same command goes on where it was. With REDIS_URL every npm run worker helps.

npm run optimize -- --instrument MGC --strategy opening-range [options]

  --method model   model (learns from what it tried), random or grid
  --budget 400     sets of parameters to try; a model tries so many for each training window
  --seed 7         of its chance: the same seed gives the same bytes
  --windows 6/1/1  months it learns on, is tried on and moves by; shortened alike where the history is too short
  --recorded       on recorded and imported bars, whatever FEED says
  --ask            has the running terminal do it
  --json, --csv    the whole result, or every set that was tried

Strategies:
${strategies.map(({ name, words }) => `  ${name.padEnd(16)} ${words}`).join('\n')}`

const work = async ({ wanted, output }: Order<WantedStudy>, { db, room, signal, onProgress }: LabRoom) => {
  const id = await room.ask(wanted)
  const isNew = (await studyOf(db, id))?.state !== 'done'
  onProgress(() => say(`${room.triedOf(id) ?? 0} sets tried, by ${room.hands()}`))
  const result = await room.run(id, signal)
  if (result === undefined) return undefined
  // What was decided then stands: it is not decided again for being shown again.
  if (isNew) await room.settle(id, result)
  const study = await studyOf(db, id)
  if (study === undefined) return undefined
  const { spec } = study
  if (output === 'json') return `${JSON.stringify({ id, spec, result }, null, 2)}\n`
  const trials = await trialsOf(db, id)
  return output === 'csv' ? trialsCsv(wanted.strategy, trials) : `${studyTable(study, result, trials)}\n`
}

await runCommand({ usage, read: readOptimize, work, ask: askTerminal })
