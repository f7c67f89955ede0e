import type { InstrumentId } from '#src/domain/instruments/instrument.ts'
import type { Timeframe } from '#src/domain/market/bar.ts'
import type { Looked } from './looked.ts'

/** Where a chart is found; an instant that is looked at stays in view. */
export const chartUrl = (instrument: InstrumentId, timeframe: Timeframe, looked?: Looked): string =>
  `/chart/${instrument}?timeframe=${timeframe}${looked === undefined ? '' : `&at=${looked.at}`}`
