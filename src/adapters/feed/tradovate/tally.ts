/** Counts what was not taken, by kind. */
export const createTally = () => {
  const counts: Record<string, number> = {}
  return {
    count: (kind: string, times = 1): void => {
      if (times > 0) counts[kind] = (counts[kind] ?? 0) + times
    },
    read: (): Readonly<Record<string, number>> => ({ ...counts }),
  }
}

export type Tally = ReturnType<typeof createTally>
