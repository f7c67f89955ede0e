import { chance, machineTime, schedule } from '#src/adapters/clock.ts'
import type { Answer, Control } from '#src/adapters/ninjatrader/simulator/control.ts'
import { createSimulator } from '#src/adapters/ninjatrader/simulator/simulator.ts'
import { openBridge } from '../mono.ts'

export type { Answer, Control }

/** A platform with a bridge in it, steered line by line. */
type Driver = {
  readonly control: (command: Control) => Promise<Answer>
  /** The process ends at once, with nothing flushed; the next `start` is another's. */
  readonly kill: () => Promise<void>
  readonly close: () => Promise<void>
}

/** One of the bridges that the kit is run against. */
export type Target = { readonly name: string; readonly open: () => Promise<Driver> }

const silent = { info: (): void => {}, warn: (): void => {} }
const clock = { now: machineTime, wall: machineTime }

/** The simulator inside the product. */
export const simulatorTarget: Target = {
  name: 'the simulator',
  open: async () => {
    const settings = { url: '', token: '', bridge: '', allowOrders: false, accounts: [], maxContracts: 0 }
    const create = () => createSimulator({ ...settings, clock, random: chance, schedule, log: silent })
    let simulator = create()
    return {
      control: (command) => simulator.control(command),
      kill: async () => {
        simulator.stop()
        simulator = create()
      },
      close: async () => simulator.stop(),
    }
  },
}

/** The AddOn itself, on the scripted platform under mono. */
export const addOnTarget: Target = { name: 'the AddOn', open: async () => openBridge() }
