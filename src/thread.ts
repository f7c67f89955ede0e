import { workerData } from 'node:worker_threads'
import { nightTasks } from '#src/worker/night/night-tasks.ts'
import { oddsTasks } from '#src/worker/odds/odds-task.ts'
import { trialTasks } from '#src/worker/study/trial-tasks.ts'
import { lowerPriority } from '#src/worker/threads/lower-priority.ts'
import { serveTasks } from '#src/worker/threads/serve-tasks.ts'
import type { Manners } from '#src/worker/threads/start-thread.ts'

/** A thread for heavy work: beside a terminal it gives way to everything else on the machine. */
if ((workerData as Manners) === 'yields') lowerPriority()
serveTasks({ ...trialTasks, ...oddsTasks, ...nightTasks })
