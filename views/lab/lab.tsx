import type { LabReading } from '#src/domain/lab-reading.ts'
import { type Oob, swapOf } from '../parts/oob.ts'
import { Night } from './night.tsx'
import { Reports } from './reports.tsx'
import { Champions, Parity, Summary } from './standing.tsx'
import { Studies } from './studies.tsx'

const nothing: Omit<LabReading, 'at'> = {
  hands: 'this machine, once the engine runs',
  studies: [],
  reports: [],
  champions: [],
  parity: [],
}

/** What the off-hours work is doing and has done. */
export const Lab = ({ lab = { at: 0, ...nothing }, oob }: Oob & { lab: LabReading | undefined }) => (
  <div id="lab" class="lab" hx-swap-oob={swapOf(oob)}>
    <Night night={lab.night} hands={lab.hands} />
    <Summary summary={lab.summary} />
    <Studies studies={lab.studies} />
    <Champions champions={lab.champions} />
    <Parity parity={lab.parity} />
    <Reports reports={lab.reports} />
  </div>
)
