import type { ChartBox, ChartLine, ChartMark } from '../../src/domain/chart/chart.ts'
import type { Layer } from '../../views/chart/layers.ts'
import type { PlanLevel } from '../../views/chart/levels.ts'

/** Everything drawn over the bars besides their own lines. */
export type Drawn = {
  readonly boxes: readonly ChartBox[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly plan: readonly PlanLevel[]
}

const markLayer = ({ kind }: ChartMark): Layer => (kind === 'fill' ? 'fills' : 'turns')

/** What of it the reader asked for. */
export const shownOf = (drawn: Drawn, layers: ReadonlySet<Layer>): Drawn => ({
  boxes: layers.has('zones') ? drawn.boxes : [],
  lines: layers.has('levels') ? drawn.lines : [],
  marks: drawn.marks.filter((mark) => layers.has(markLayer(mark))),
  plan: layers.has('plan') ? drawn.plan : [],
})
