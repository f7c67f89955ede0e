import type { Stage } from '#src/domain/risk/standing.ts'
import { stageWords } from '../words.ts'

/** How much of a limit is used, in a word. */
export const StageWord = ({ stage }: { stage: Stage }) => (
  <b class="stage" data-stage={stage}>
    {stageWords[stage]}
  </b>
)
