import { calibrationWords } from '#src/domain/night/step-words.ts'
import type { StepWork } from '../night.ts'
import type { NightDeps } from '../night-deps.ts'

/** Tells how well the quality of past cards foretold what became of them. */
export const calibration =
  ({ calibration: read }: NightDeps): StepWork =>
  async () => {
    const reading = read()
    return reading === undefined ? 'no past card is known' : calibrationWords(reading)
  }
