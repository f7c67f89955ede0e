/** What a state says, worked out once for as long as it stands: 5m bars close more rarely than they are read. */
export const once = <State, Value>(value: (state: State) => Value): ((state: State) => Value) => {
  let newest: { readonly state: State; readonly said: Value } | undefined
  return (state) => {
    if (newest === undefined || newest.state !== state) newest = { state, said: value(state) }
    return newest.said
  }
}
