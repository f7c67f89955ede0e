import type { FirmPreset } from '../firm-rules.ts'
import { parseFirmPreset } from '../parse-firm-rules.ts'
import apexEod50k from './apex-eod-50k.json' with { type: 'json' }
import apexIntraday50k from './apex-intraday-50k.json' with { type: 'json' }
import ftmoType100k from './ftmo-type-100k.json' with { type: 'json' }
import personalSim50k from './personal-sim-50k.json' with { type: 'json' }
import takeProfitPro25k from './take-profit-trader-pro-25k.json' with { type: 'json' }
import takeProfitPro50k from './take-profit-trader-pro-50k.json' with { type: 'json' }
import takeProfitPro75k from './take-profit-trader-pro-75k.json' with { type: 'json' }
import takeProfitPro100k from './take-profit-trader-pro-100k.json' with { type: 'json' }
import takeProfitPro150k from './take-profit-trader-pro-150k.json' with { type: 'json' }
import takeProfitProPlus50k from './take-profit-trader-pro-plus-50k.json' with { type: 'json' }
import takeProfitTest25k from './take-profit-trader-test-25k.json' with { type: 'json' }
import takeProfitTest50k from './take-profit-trader-test-50k.json' with { type: 'json' }
import takeProfitTest75k from './take-profit-trader-test-75k.json' with { type: 'json' }
import takeProfitTest100k from './take-profit-trader-test-100k.json' with { type: 'json' }
import takeProfitTest150k from './take-profit-trader-test-150k.json' with { type: 'json' }
import topstep50k from './topstep-50k.json' with { type: 'json' }
import topstep100k from './topstep-100k.json' with { type: 'json' }
import topstep150k from './topstep-150k.json' with { type: 'json' }

const written: readonly unknown[] = [
  takeProfitTest25k,
  takeProfitTest50k,
  takeProfitTest75k,
  takeProfitTest100k,
  takeProfitTest150k,
  takeProfitPro25k,
  takeProfitPro50k,
  takeProfitPro75k,
  takeProfitPro100k,
  takeProfitPro150k,
  takeProfitProPlus50k,
  topstep50k,
  topstep100k,
  topstep150k,
  apexIntraday50k,
  apexEod50k,
  ftmoType100k,
  personalSim50k,
]

const read = (one: unknown): FirmPreset => {
  const preset = parseFirmPreset(one)
  if (!preset.ok) throw new Error(`a preset is not valid: ${JSON.stringify(preset)}`)
  return preset.value
}

/** The plans the product ships with, to be checked with the firm. A further one is one more file and its line here. */
export const presets: readonly FirmPreset[] = written.map(read)

/** A plan as it is said, 'Topstep 50K', by its preset's id; rules of the trader's own have the name he gave them. */
export const planName = (id: string): string => {
  const preset = presets.find((one) => one.id === id)
  return preset === undefined ? id : `${preset.firm} ${preset.plan}`
}

/** The plan an evaluation becomes once it is passed, where the product ships it: Take Profit Trader's Test becomes PRO. */
export const nextPlan = (id: string): FirmPreset | undefined =>
  presets.find((one) => one.id !== id && one.id === id.replace('-test-', '-pro-'))
