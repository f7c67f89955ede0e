import { Worker } from 'node:worker_threads'

/** Whether a thread gives way to everything else on the machine, or has its share of it. */
export type Manners = 'yields' | 'shares'

/**
 * Starts a thread of the program. From source it needs tsx to read TypeScript; the bundle is plain JavaScript, and there
 * every file of it lies in one folder.
 */
export const startThread = (manners: Manners): Worker => {
  const workerData = manners
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./thread.js', import.meta.url), { workerData })
  const source = new URL('../../thread.ts', import.meta.url).href
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source)}) })`
  return new Worker(load, { eval: true, workerData })
}
