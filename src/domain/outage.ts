import type { ClockReading, Dependency, FeedReading, GateFact, Outage, Picture } from './picture.ts'

/** Market time, epoch ms, of an instant of the machine's clock; that instant itself while no clock runs. */
const marketTimeOf = (clock: ClockReading | undefined, wall: number): number =>
  clock === undefined ? wall : clock.at + (wall - clock.wall) * clock.speed

/**
 * What of the things a process leans on is away, so that its pages must say so; undefined when nothing is. Behind an engine
 * that is not heard the picture stands still, since the engine's clock did; everything else leaves it current.
 */
export const outageOf = (dependencies: readonly Dependency[], clock: ClockReading | undefined): Outage | undefined => {
  const isDown = ({ state }: Dependency): boolean => state === 'down'
  const downOf = (name: Dependency['name']) => dependencies.find((each) => each.name === name && isDown(each))
  const [engine, bus, database] = [downOf('engine'), downOf('bus'), downOf('database')]
  if (engine) return { what: bus ? 'bus' : 'engine', since: clock?.at ?? engine.since, isBlind: true }
  const away = database ?? bus
  if (away === undefined) return undefined
  return { what: database ? 'database' : 'bus', since: marketTimeOf(clock, away.since), isBlind: false }
}

const factOf = ({ what, since }: Outage): GateFact => ({
  id: what,
  watched: true,
  ok: false,
  reason: `${what}-away`,
  since,
  source: 'this server',
})

/** Nothing is heard: the last state of the feed is a thing of the past. */
const silenced = (feed: FeedReading, since: number): FeedReading => ({
  ...feed,
  state: 'down',
  since,
  markets: feed.markets.map((market) => ({ ...market, state: 'unheard' })),
})

/**
 * The topics that an outage changes, as pages may show them: the gate is shut, and where the picture stands still its clock
 * says so, ages count on by `wall` (the machine's clock, epoch ms) and no market counts as heard.
 */
export const inOutage = (
  { clock, feed, gate }: Partial<Picture>,
  outage: Outage | undefined,
  wall: number,
): Partial<Picture> => {
  if (outage === undefined) return {}
  const { since, isBlind } = outage
  return {
    outage,
    ...(gate && { gate: { open: false, facts: [factOf(outage), ...gate.facts] } }),
    ...(isBlind && clock && { clock: { ...clock, wall, stopped: true } }),
    ...(isBlind && feed && { feed: silenced(feed, since) }),
  }
}
