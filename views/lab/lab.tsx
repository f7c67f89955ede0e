import type { LabReading } from '#src/domain/lab-reading.ts'
import { Box, Empty } from '../parts/box.tsx'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Night } from './night.tsx'
import { Reports } from './reports.tsx'
import { Champions, Parity, Summary } from './standing.tsx'
import { Studies } from './studies.tsx'

const Known = ({ lab }: { lab: LabReading }) => (
  <>
    <Night night={lab.night} hands={lab.hands} />
    <Summary summary={lab.summary} />
    <Studies studies={lab.studies} />
    <Champions champions={lab.champions} />
    <Parity parity={lab.parity} />
    <Reports reports={lab.reports} />
  </>
)

/** What the off-hours work is doing and has done. */
export const Lab = ({ lab, oob }: Oob & { lab: LabReading | undefined }) => (
  <div id="lab" class="lab" hx-swap-oob={swapOf(oob)}>
    {lab === undefined ? (
      <Box id="night" title="The lab">
        <Empty what="Being read…" next="It comes once the engine is ready." />
      </Box>
    ) : (
      <Known lab={lab} />
    )}
  </div>
)
