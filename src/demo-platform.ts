import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import { schedule } from '#src/adapters/clock.ts'
import { createDemoTrader } from '#src/adapters/ninjatrader/simulator/demo-trader.ts'
import { createSimulator } from '#src/adapters/ninjatrader/simulator/simulator.ts'
import type { Config } from '#src/config.ts'
import type { Bus } from '#src/engine/ports.ts'
import type { RunningEngine } from './start-engine.ts'

type Options = {
  readonly config: Config
  readonly running: RunningEngine
  readonly bus: Bus
  readonly log: Logger
  readonly token: string
  readonly port: number
}

const demoBridge = 'simulator'

/**
 * Beside the simulated market runs a simulated NinjaTrader with a calm trader on Sim101, over the same wire as a real one, so
 * that a newcomer sees live positions. It leaves when a real bridge is heard. Returns how to stop it.
 */
export const startDemo = ({ config, running, bus, log, token, port }: Options): (() => void) => {
  if (config.feed !== 'sim' || !config.sim.platform) return () => {}
  const { clock } = running
  const simulator = createSimulator({
    url: `http://${config.host}:${port}`,
    token,
    bridge: demoBridge,
    accounts: ['Sim101'],
    allowOrders: true,
    maxContracts: 10,
    clock,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    schedule,
    log,
  })
  simulator.start()
  const trader = createDemoTrader({ simulator, picture: bus.picture, clock, schedule })
  trader.start()
  const stopPrices = running.onTrade((instrument, contract, price) => simulator.onPrice(instrument, contract, price))
  let isOver = false
  const stop = (): void => {
    if (isOver) return
    isOver = true
    stopChanges()
    stopPrices()
    trader.stop()
    simulator.stop()
  }
  const stopChanges = bus.onChange((topics) => {
    const bridge = topics.includes('account') ? bus.picture().account?.bridge : undefined
    if (bridge?.name !== undefined && !bridge.simulator) {
      log.info({ bridge: bridge.name }, 'A real NinjaTrader is heard: the simulated one leaves')
      stop()
    }
  })
  return stop
}
