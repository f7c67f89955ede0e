/** Folds one input at a time. `step` never mutates, so a forming bar can be previewed and discarded. */
export type Indicator<State, Input, Output = number> = {
  /** Inputs needed before `value` means anything. */
  readonly warmup: number
  readonly initial: State
  readonly step: (state: State, input: Input) => State
  readonly value: (state: State) => Output
}

/** One value per input, NaN until warm: the batch form is the streaming form, run to the end. */
export const series = <State, Input>(indicator: Indicator<State, Input>, inputs: Iterable<Input>): number[] => {
  const out: number[] = []
  let state = indicator.initial
  for (const input of inputs) {
    state = indicator.step(state, input)
    out.push(out.length + 1 < indicator.warmup ? Number.NaN : indicator.value(state))
  }
  return out
}
