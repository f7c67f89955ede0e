import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Answered, Asked } from './pool.ts'

/** Does one kind of work; it may remember between calls what makes the next one faster, never what changes its answer. */
export type Task = (input: never) => unknown

const answer = (tasks: Readonly<Record<string, Task>>, { id, task, input }: Asked): Answered => {
  try {
    const work = tasks[task]
    if (work === undefined) throw new Error(`no such task: ${task}`)
    return { id, ok: true, output: work(input as never) }
  } catch (error) {
    return { id, ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Answers what a thread is asked, one task after the other. */
export const serveTasks = (tasks: Readonly<Record<string, Task>>, port: MessagePort | null = parentPort): void => {
  port?.on('message', (asked: Asked) => port.postMessage(answer(tasks, asked)))
}
