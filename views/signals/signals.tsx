import type { CalibrationReading } from '#src/domain/picture.ts'
import { Box, Empty } from '../parts/box.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Components, Markets } from './parts.tsx'
import { Recent } from './recent.tsx'
import { Reliability } from './reliability.tsx'
import { Verdict } from './verdict.tsx'

const Missing = () => (
  <Box id="verdict" title="Is the score worth anything?">
    <Empty
      what="Nothing is known of past cards yet."
      next="They are worked out from stored bars, a minute after the engine is current and every night."
    />
  </Box>
)

/** What became of past cards, and what that says about the score of today's. */
export const Signals = ({ calibration, oob }: Oob & { calibration: CalibrationReading | undefined }) => (
  <div id="signals" class="signals" hx-swap-oob={swapOf(oob)}>
    {calibration ? (
      <>
        <div>
          <Verdict calibration={calibration} />
          <Reliability calibration={calibration} />
          <div class="signal-parts">
            <Markets markets={calibration.markets} />
            <Components components={calibration.components} />
          </div>
        </div>
        <Recent recent={calibration.recent} />
      </>
    ) : (
      <Missing />
    )}
  </div>
)
