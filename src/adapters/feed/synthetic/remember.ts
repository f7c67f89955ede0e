/** Keeps the newest `limit` results of a pure function of a name and a date. */
export const remember = <Name extends string | number, Value>(
  limit: number,
  make: (name: Name, date: string) => Value,
): ((name: Name, date: string) => Value) => {
  const known = new Map<string, Value>()
  return (name, date) => {
    const key = `${name} ${date}`
    const held = known.get(key)
    if (held !== undefined) return held
    const made = make(name, date)
    if (known.size === limit) known.delete(known.keys().next().value ?? key)
    known.set(key, made)
    return made
  }
}
