import { formatInstant } from '../format.ts'
import type { Looked } from './looked.ts'

type ChartAtProps = { looked: Looked; newest: string }

/** Which instant is looked at, what there is to say of it, and the way back to the newest bars. */
export const ChartAt = ({ looked, newest }: ChartAtProps) => (
  <p id="chart-at" class="chart-at">
    <strong>At {formatInstant(looked.at)}</strong> <output id="chart-at-words">{looked.words}</output>{' '}
    <a href={newest}>newest bars</a>
  </p>
)
