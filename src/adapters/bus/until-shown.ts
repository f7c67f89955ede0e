import type { Picture } from '#src/domain/picture.ts'
import type { Bus } from '#src/engine/ports.ts'
import type { Schedule } from '../feed/schedule.ts'

/**
 * Resolves once the picture shows something, or after `ms` of machine time: who changed it and looks again at once should see
 * his change.
 */
export const untilShown = (
  { picture, onChange }: Pick<Bus, 'picture' | 'onChange'>,
  isShown: (picture: Partial<Picture>) => boolean,
  { ms, schedule }: { readonly ms: number; readonly schedule: Schedule },
): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (isShown(picture())) finish()
    }
    const finish = (): void => {
      stop()
      cancel()
      resolve()
    }
    const cancel = schedule(finish, ms)
    const stop = onChange(look)
    look()
  })
