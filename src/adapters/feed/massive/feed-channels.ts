/** What can be listened to of a contract: minute bars, trades, quotes. */
export type Kind = 'AM' | 'T' | 'Q'

/** Minute bars first: every plan has them, and with their answer the feed is live. */
const kinds: readonly Kind[] = ['AM', 'T', 'Q']

type Channel = {
  readonly kind: Kind
  readonly name: string
  readonly state: 'asked' | 'asked-again' | 'confirmed' | 'unanswered'
  readonly at: number
}

/** The vendor answers each channel by itself; one that got no answer in this time is asked for once more, ms. */
const answerWithinMs = 10_000
/** Refusals do not name their channel: so long after one, ms, the kind that was being asked for counts as refused. */
const settleMs = 2_000

/**
 * The channels of one conversation. One kind is asked for at a time, because a refusal does not say what it refuses.
 * `denied` outlives the conversation: what the plan does not have is not asked for again.
 */
export const createChannels = (send: (action: string, params: string) => void, denied: Set<Kind>) => {
  const channels = new Map<string, Channel>()
  let names: readonly string[] = []
  let refusals = 0
  let refusedAt = 0

  const of = (kind: Kind): readonly Channel[] => [...channels.values()].filter((channel) => channel.kind === kind)
  const awaited = (): Kind | undefined => kinds.find((kind) => of(kind).some(({ state }) => state === 'asked'))

  const ask = (kind: Kind, whose: readonly string[], state: Channel['state'], at: number): void => {
    for (const name of whose) channels.set(`${kind}.${name}`, { kind, name, state, at })
    if (whose.length > 0) send('subscribe', whose.map((name) => `${kind}.${name}`).join(','))
  }

  const deny = (kind: Kind): void => {
    denied.add(kind)
    for (const name of names) channels.delete(`${kind}.${name}`)
  }

  /** A kind of which nothing was confirmed and everything, or something for a while, was refused is not in the plan. */
  const judgeRefusals = (at: number): void => {
    const kind = awaited()
    if (kind === undefined || refusals === 0) return
    const open = of(kind).filter(({ state }) => state === 'asked').length
    if (refusals < open && at - refusedAt < settleMs) return
    refusals = 0
    if (of(kind).every(({ state }) => state !== 'confirmed')) deny(kind)
  }

  const remind = (at: number): void => {
    const late = [...channels.values()].filter(({ at: askedAt }) => at - askedAt >= answerWithinMs)
    for (const kind of kinds) {
      const asked = late.filter((channel) => channel.kind === kind && channel.state === 'asked')
      ask(
        kind,
        asked.map(({ name }) => name),
        'asked-again',
        at,
      )
    }
    for (const channel of late)
      if (channel.state === 'asked-again')
        channels.set(`${channel.kind}.${channel.name}`, { ...channel, state: 'unanswered' })
  }

  /** Asks for the next kind once the one before it is answered, or was asked for twice. */
  const pursue = (at: number): void => {
    for (const kind of kinds) {
      if (awaited() !== undefined) return
      if (denied.has(kind)) continue
      const missing = names.filter((name) => !channels.has(`${kind}.${name}`))
      ask(kind, missing, 'asked', at)
    }
  }

  return {
    /** Listens to these contracts, by the vendor's names, and to no others. */
    follow: (wanted: readonly string[], at: number): void => {
      const gone = [...channels].filter(([, { name }]) => !wanted.includes(name)).map(([key]) => key)
      for (const key of gone) channels.delete(key)
      if (gone.length > 0) send('unsubscribe', gone.join(','))
      names = wanted
      pursue(at)
    },
    /** 'AM.ESZ5' or several with commas; whether any of them was asked for. */
    confirm: (list: string, at: number): boolean => {
      const known = list.split(/, ?/).flatMap((key) => {
        const channel = channels.get(key)
        return channel === undefined ? [] : [[key, { ...channel, state: 'confirmed' }] as const]
      })
      for (const [key, channel] of known) channels.set(key, channel)
      pursue(at)
      return known.length > 0
    },
    /** One channel was refused; whether an answer was awaited at all. */
    refuse: (at: number): boolean => {
      if (awaited() === undefined) return false
      refusals++
      refusedAt = at
      judgeRefusals(at)
      pursue(at)
      return true
    },
    /** To be called every second. */
    review: (at: number): void => {
      judgeRefusals(at)
      remind(at)
      pursue(at)
    },
    isAsked: (channel: string): boolean => channels.has(channel),
    isUnanswered: (kind: Kind): boolean => of(kind).length > 0 && of(kind).every(({ state }) => state === 'unanswered'),
    /** Asked for twice in vain: 'T.MGCZ6'. */
    unanswered: (): readonly string[] =>
      [...channels].filter(([, { state }]) => state === 'unanswered').map(([key]) => key),
  }
}
