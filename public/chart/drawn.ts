import type { ChartBox, ChartLine, ChartMark } from '../../src/domain/chart/chart.ts'
import type { Layer } from '../../views/chart/layers.ts'
import type { PlanLevel } from '../../views/chart/levels.ts'

/** Everything drawn over the bars besides their own lines. */
export type Drawn = {
  readonly boxes: readonly ChartBox[]
  readonly lines: readonly ChartLine[]
  readonly marks: readonly ChartMark[]
  readonly plan: readonly PlanLevel[]
  /** The opening ranges in play, by their labels. */
  readonly ranges: readonly string[]
}

/** Nothing yet. */
export const noneDrawn: Drawn = { boxes: [], lines: [], marks: [], plan: [], ranges: [] }

const markLayer = ({ kind }: ChartMark): Layer => (kind === 'fill' ? 'fills' : 'turns')

const lineLayer = ({ kind }: ChartLine): Layer => (kind === 'profile' || kind === 'dealing' ? kind : 'levels')

const isBoxShown = ({ kind, label }: ChartBox, { ranges }: Drawn, layers: ReadonlySet<Layer>): boolean =>
  (layers.has('zones') && (kind !== 'opening-range' || ranges.includes(label))) ||
  (layers.has('ranges') && kind === 'opening-range')

/** What of it the reader asked for. */
export const shownOf = (drawn: Drawn, layers: ReadonlySet<Layer>): Drawn => ({
  ...drawn,
  boxes: drawn.boxes.filter((box) => isBoxShown(box, drawn, layers)),
  lines: drawn.lines.filter((line) => layers.has(lineLayer(line))),
  marks: drawn.marks.filter((mark) => layers.has(markLayer(mark))),
  plan: layers.has('plan') ? drawn.plan : [],
})
