import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { schedule } from '../clock.ts'

/** When a process began, where the system says; a pid alone may belong to a stranger by now. '' when unknown. */
const birthOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What a lock file says: `<pid> <birth> <pid namespace> <boot> <host>`; an older one ends after the birth. */
const readLock = (owner: string) => {
  const [pid = '', birth = '', space = '', boot = '', host = ''] = owner.trimEnd().split(' ')
  return { pid: Number(pid), birth, space, boot, host }
}

const tellOr = (unknown: string, read: () => string): string => {
  try {
    return read().trim()
  } catch {
    return unknown
  }
}

/** Where this process's number means this process: containers count their own. */
const here = {
  space: tellOr('-', () => readlinkSync('/proc/self/ns/pid')),
  boot: tellOr('-', () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
  host: hostname(),
}

const isSeen = ({ space, boot, host }: typeof here): boolean =>
  space === '' || (space === here.space && boot === here.boot && host === here.host)

const isHeld = (owner: string): boolean => {
  const { pid, birth } = readLock(owner)
  return pid > 0 && isAlive(pid) && birthOf(pid) === birth
}

const inWords = (owner: string): string => {
  const { pid, ...place } = readLock(owner)
  if (isSeen(place)) return `process ${pid}`
  return `process ${pid} ${place.boot === here.boot ? 'in another container' : 'on another machine'} (${place.host})`
}

/** An owner writes its lock file again this often, ms: the only sign of life that leaves a container or a machine. */
const renewMs = 2_000
/** Without such a sign for this long, ms, an owner that cannot be seen is dead. */
const deadMs = 15_000
const lookMs = 500

const writtenAt = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs

/** Waits for a sign of life until the file is `deadMs` old by `now`, ms, the clock of the disk it lies on. */
const isRenewed = async (path: string, now: () => number): Promise<boolean> => {
  const found = writtenAt(path)
  for (let waited = 0; found !== undefined && waited < deadMs && now() - found < deadMs; waited += lookMs) {
    await new Promise<void>((resolve) => schedule(resolve, lookMs))
    const written = writtenAt(path)
    if (written !== found) return written !== undefined
  }
  return false
}

const readOwner = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Moves a dead owner's file aside; when another process was quicker, its living file is put back. */
const removeStale = (path: string, owner: string, aside: string): void => {
  try {
    renameSync(path, aside)
    if (readOwner(aside) !== owner) linkSync(aside, path)
  } catch {
    // Somebody else moved it first; the next attempt reads who.
  }
  rmSync(aside, { force: true })
}

/** Another process works in the folder. */
export class FolderInUse extends Error {}

/** Writes the lock that `own` is a name of anew, in place, until what it returns is called. */
const keepRenewed = (own: string, self: string): (() => void) => {
  const file = openSync(own, 'r+')
  const renew = (): void => {
    try {
      writeSync(file, self, 0)
    } catch {
      // A disk that cannot take these bytes again may be able to in two seconds.
    }
  }
  const timer = setInterval(renew, renewMs).unref()
  return () => {
    clearInterval(timer)
    closeSync(file)
  }
}

/**
 * Takes the lock file at `path`, which names its owner, and returns how to release it.
 * A dead owner's lock is taken over; a living owner's throws FolderInUse with a sentence for the trader. Of an owner in another
 * container or on another machine only the renewed file can be seen: that is waited for, 15 s at most.
 */
export const lockFolder = async (path: string, log?: Pick<Logger, 'info'>): Promise<() => void> => {
  mkdirSync(dirname(path), { recursive: true })
  // Containers that share the folder may well give their processes the same number.
  const own = `${path}.${process.pid}.${here.space.replace(/\D/g, '')}`
  const self = `${process.pid} ${birthOf(process.pid)} ${here.space} ${here.boot} ${here.host}\n`
  const now = (): number => {
    writeFileSync(own, self)
    return statSync(own).mtimeMs
  }
  const lives = async (owner: string): Promise<boolean> => {
    if (isSeen(readLock(owner))) return isHeld(owner)
    log?.info({ lock: path }, `the database folder was held by ${inWords(owner)}; waiting whether that is still alive`)
    return isRenewed(path, now)
  }
  // What a killed process left under this name may still be its lock.
  rmSync(own, { force: true })
  now()
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A link appears whole or not at all, so nobody ever reads half a lock.
        linkSync(own, path)
      } catch {
        const owner = readOwner(path)
        if (owner !== undefined && (await lives(owner)))
          throw new FolderInUse(
            `The database folder is in use by ${inWords(owner)}. Stop it first; two processes would destroy the folder. (Lock file: ${path})`,
          )
        if (owner !== undefined) removeStale(path, owner, `${own}.stale`)
        continue
      }
      let stop: (() => void) | undefined = keepRenewed(own, self)
      return () => {
        stop?.()
        stop = undefined
        if (readOwner(path) === self) rmSync(path)
      }
    }
    throw new Error(`The lock file ${path} cannot be taken; delete it when no other terminal runs.`)
  } finally {
    rmSync(own, { force: true })
  }
}
