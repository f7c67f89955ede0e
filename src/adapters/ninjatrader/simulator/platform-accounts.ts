/** The accounts it always has, each with its connection. */
export const platformAccounts = [
  { name: 'Sim101', connection: 'Simulation', provider: 'Simulator', currency: 'UsDollar' },
  { name: 'Eval50', connection: 'Simulation', provider: 'Rithmic', currency: 'UsDollar' },
  { name: 'Playback101', connection: 'Playback', provider: 'Playback', currency: 'UsDollar' },
] as const
