import { oddsTasks } from '#src/worker/odds/odds-task.ts'
import { trialTasks } from '#src/worker/study/trial-tasks.ts'
import { lowerPriority } from '#src/worker/threads/lower-priority.ts'
import { serveTasks } from '#src/worker/threads/serve-tasks.ts'

/** A thread for heavy work: it gives way to everything else on the machine. */
lowerPriority()
serveTasks({ ...trialTasks, ...oddsTasks })
