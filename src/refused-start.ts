import { ConfigError } from './config.ts'

type SystemError = Error & { readonly code: string; readonly port?: number; readonly path?: string }

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

/** What the folder of DATA_DIR can refuse, by the system's code. */
const folderRefusals: Readonly<Record<string, string>> = {
  EACCES: 'may not be written',
  EPERM: 'may not be written',
  EROFS: 'is on a disk that cannot be written',
  EEXIST: 'is a file, not a folder',
  ENOTDIR: 'is inside a file, not a folder',
  ENOSPC: 'is on a disk that is full',
}

/** Why the program did not start, naming the setting where one is at fault; else the error with its stack. */
export const refusedStart = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message
  if (isSystemError(error)) {
    if (error.code === 'EADDRINUSE')
      return `PORT: ${error.port} is taken by another program; stop it, or set another PORT`
    const refusal = folderRefusals[error.code]
    if (refusal !== undefined && error.path !== undefined) return `DATA_DIR: ${error.path} ${refusal}`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
