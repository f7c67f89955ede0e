import type { NightStep } from '#src/domain/lab-reading.ts'
import type { StepWork } from './night.ts'
import type { NightDeps } from './night-deps.ts'
import { backfill } from './steps/backfill.ts'
import { backtests } from './steps/backtests.ts'
import { calibration } from './steps/calibration.ts'
import { focus } from './steps/focus.ts'
import { optimization } from './steps/optimization.ts'
import { parity } from './steps/parity.ts'
import { quality } from './steps/quality.ts'
import { shadow } from './steps/shadow.ts'
import { summary } from './steps/summary.ts'

/** Creates what a night does. Each step may be stopped at any moment and begun anew: it never does twice what it has done. */
export const createNightSteps = (deps: NightDeps): Readonly<Record<NightStep, StepWork>> => ({
  backfill: backfill(deps),
  quality: quality(deps),
  shadow: shadow(deps),
  calibration: calibration(deps),
  parity: parity(deps),
  backtests: backtests(deps),
  optimization: optimization(deps),
  focus: focus(deps, 'first'),
  refresh: focus(deps, 'refreshed'),
  summary: summary(deps),
})
