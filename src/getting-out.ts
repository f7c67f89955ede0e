import { machineTime, schedule } from '#src/adapters/clock.ts'
import type { Db } from '#src/adapters/db/connect.ts'
import type { Bus } from '#src/engine/ports.ts'
import { readClosing, writeClosing } from './closing.ts'
import type { FloorAsk } from './floor-words.ts'

/** An engine beats once a second; one that has not for this long hears nobody. */
const awayMs = 3_000
/** And after this long nothing it should know may be answered for. */
const lostMs = 15_000

type Options = {
  readonly db: Db
  readonly bus: Bus
  /** Whether the engine is of this process, and whether it listens by now. */
  readonly hasEngine: boolean
  readonly isAttached: () => boolean
  readonly bookNow: () => string
  readonly ask: (wish: FloorAsk) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** Sees to it that getting flat is not asked in vain: what no engine hears is kept on disk for the next one. */
export const createGettingOut = ({ db, bus, hasEngine, isAttached, bookNow, ask, onError }: Options) => {
  const startedAt = machineTime()
  const cancels: (() => void)[] = []
  const seenAt = (): number => bus.engineSeenAt() ?? Number.NEGATIVE_INFINITY

  const isAway = (): boolean => (hasEngine ? !isAttached() : machineTime() - seenAt() > awayMs)

  /** Asked again once it is kept: an engine that started between reading what is kept and this hears it. */
  const keep = async (account: string, by: string): Promise<void> => {
    const book = bookNow()
    await writeClosing(db, book, [...(await readClosing(db, book)), account], machineTime())
    await ask(account === '' ? { do: 'kill', by } : { do: 'flatten', account, by })
  }

  /** Whether an engine that lives shows that it closes something, or has since it was asked. */
  const isObeyed = (askedAt: number): boolean => {
    const kill = bus.picture().account?.kill
    if (kill === undefined || seenAt() <= askedAt) return false
    return kill.state === 'flat' ? kill.since >= askedAt : kill.state !== 'off'
  }

  return {
    /** Whether nobody hears what is asked now. */
    isAway,
    /** Whether the engine elsewhere is gone for so long that a bridge should keep what it has to say. */
    isLost: (): boolean => !hasEngine && machineTime() - (bus.engineSeenAt() ?? startedAt) > lostMs,
    /** After an account ('' is all) was asked to be closed; false where no engine hears it and it cannot be kept either. */
    secure: async (account: string, by: string): Promise<boolean> => {
      const askedAt = machineTime()
      if (isAway())
        return keep(account, by).then(
          () => true,
          (error: unknown) => {
            onError(error)
            return false
          },
        )
      // One that died a moment ago has heard nothing, and is not missed yet.
      const check = (): void => void (isObeyed(askedAt) || keep(account, by).catch(onError))
      if (!hasEngine) cancels.push(schedule(check, awayMs))
      return true
    },
    close: (): void => {
      for (const cancel of cancels) cancel()
    },
  }
}
