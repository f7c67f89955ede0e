import type { Money } from '../money.ts'
import type { PlatformEvent } from './platform-event.ts'

type AccountWord = Pick<Extract<PlatformEvent, { kind: 'account' }>, 'cash' | 'netLiquidation' | 'unrealized'>

/**
 * The balance without what is open, as an account's word has it: what is open is counted when it is closed. Undefined where
 * only the worth of all is told and something is, or may be, open.
 */
export const toldBalance = ({ cash, netLiquidation, unrealized }: AccountWord, isFlat: boolean): Money | undefined => {
  if (cash !== undefined || netLiquidation === undefined) return cash
  // 0 is also what is told where nobody reckons it.
  if (unrealized !== undefined && unrealized !== 0) return netLiquidation - unrealized
  return isFlat ? netLiquidation : undefined
}
