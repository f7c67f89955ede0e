import { backtestDay } from '#src/domain/night/backtest-day.ts'

/** What a thread does for a night, beside its backtests and studies; each is a pure function of its input. */
export const nightTasks = { backtestDay }
