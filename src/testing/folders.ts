import { fileURLToPath } from 'node:url'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export const projectFolder = folder('../..')
export const migrationsFolder = folder('../../migrations')
