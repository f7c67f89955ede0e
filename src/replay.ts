import { parseArgs } from 'node:util'

const usage =
  'npm run replay -- --from 2013-10-09T04:00:00Z --to 2013-10-09T16:10:00Z [--speed 60] [--instruments MES,MGC]'

/** The terminal on recorded bars: the same program with FEED=replay, the range given as arguments. */
const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    speed: { type: 'string' },
    instruments: { type: 'string' },
  },
})
if (values.from === undefined || values.to === undefined) {
  process.stderr.write(`--from and --to are needed: ${usage}\n`)
  process.exit(2)
}
Object.assign(process.env, {
  FEED: 'replay',
  REPLAY_FROM: values.from,
  REPLAY_TO: values.to,
  ...(values.speed && { REPLAY_SPEED: values.speed }),
  ...(values.instruments && { INSTRUMENTS: values.instruments }),
})
await import('./main.ts')
