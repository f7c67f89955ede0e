import type { ClockReading } from '#src/domain/picture.ts'

/** What the header's clock showed when this PC's was at `wall`; where no clock is known yet, that time itself. */
export const onMarketClock = (clock: ClockReading | undefined, wall: number): number =>
  clock === undefined ? wall : clock.at - (clock.wall - wall) * clock.speed
