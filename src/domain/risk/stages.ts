import type { Stage } from './standing.ts'

const order: readonly Stage[] = ['safe', 'warning', 'danger', 'locked']

/** What was said of one limit on one trade date. */
export type StageWatch = { readonly tradeDate: string; readonly stage: Stage; readonly told: readonly string[] }

export type Crossing = { readonly from: Stage; readonly to: Stage; readonly direction: 'worse' | 'better' }

/** The stages entered on the way from one to another, the last one included. */
const passed = (from: Stage, to: Stage): readonly Stage[] => {
  const [a, b] = [order.indexOf(from), order.indexOf(to)]
  return b > a ? order.slice(a + 1, b + 1) : order.slice(b, a).toReversed()
}

/**
 * Follows a limit through its stages. A crossing is told once per stage, direction and trade date; each date begins safe and
 * untold, so a limit still half used in the morning is told again. `before` is undefined at first.
 */
export const watchStage = (
  before: StageWatch | undefined,
  stage: Stage,
  tradeDate: string,
): { readonly watch: StageWatch; readonly crossing?: Crossing } => {
  const same: StageWatch = before?.tradeDate === tradeDate ? before : { tradeDate, stage: 'safe', told: [] }
  if (same.stage === stage) return { watch: same }
  const direction = order.indexOf(stage) > order.indexOf(same.stage) ? 'worse' : 'better'
  const keys = passed(same.stage, stage).map((entered) => `${direction}:${entered}`)
  const isNew = !same.told.includes(`${direction}:${stage}`)
  const watch = { tradeDate, stage, told: [...new Set([...same.told, ...keys])] }
  return isNew ? { watch, crossing: { from: same.stage, to: stage, direction } } : { watch }
}
