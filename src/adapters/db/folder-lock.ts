import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

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

const isHeld = (owner: string): boolean => {
  const [pid = '', birth = ''] = owner.trim().split(' ')
  return Number(pid) > 0 && isAlive(Number(pid)) && birthOf(Number(pid)) === birth
}

const readOwner = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Moves a dead owner's file aside; when another process was quicker, its living file is put back. */
const removeStale = (path: string, owner: string): void => {
  const aside = `${path}.${process.pid}.stale`
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

/**
 * Takes the lock file at `path`, which names its owner's pid, and returns how to release it.
 * A dead owner's lock is taken over; a living owner's throws FolderInUse with a sentence for the trader.
 */
export const lockFolder = (path: string): (() => void) => {
  mkdirSync(dirname(path), { recursive: true })
  const own = `${path}.${process.pid}`
  const self = `${process.pid} ${birthOf(process.pid)}\n`
  writeFileSync(own, self)
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A link appears whole or not at all, so nobody ever reads half a lock.
        linkSync(own, path)
        return () => {
          if (readOwner(path) === self) rmSync(path)
        }
      } catch {
        const owner = readOwner(path)
        if (owner !== undefined && isHeld(owner))
          throw new FolderInUse(
            `The database folder is in use by process ${owner.split(' ')[0]}. Stop it first; two processes would destroy the folder. (Lock file: ${path})`,
          )
        if (owner !== undefined) removeStale(path, owner)
      }
    }
    throw new Error(`The lock file ${path} cannot be taken; delete it when no other terminal runs.`)
  } finally {
    rmSync(own, { force: true })
  }
}
