import { rooms } from '../../views/rooms.ts'
import { toggleMute } from './sound.ts'

const addresses = new Map<string, string>(Object.values(rooms).map(({ key, path }) => [key, path]))

const showKeys = (): void => document.querySelector<HTMLDialogElement>('#keys')?.showModal()
const acknowledgeNewest = (): void => document.querySelector<HTMLElement>('#alerts form button')?.click()
const focusCard = (place: string): void =>
  document.querySelectorAll<HTMLElement>('.cards > article')[Number(place) - 1]?.focus()

const acts: Readonly<Record<string, () => void>> = { '?': showKeys, a: acknowledgeNewest, m: toggleMute }

/** The keys of the page: none of them sends an order, and none acts while something is typed. `g` goes on to a room. */
export const listenToKeys = (): void => {
  let leaving = false
  document.querySelector('[data-press="keys"]')?.addEventListener('click', showKeys)
  document.addEventListener('keydown', (event) => {
    const typing = (event.target as Element).closest('input, select, textarea, dialog') !== null
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    const room = leaving ? addresses.get(event.key) : undefined
    leaving = event.key === 'g' && room === undefined
    if (room) location.assign(room)
    else if (/^[1-4]$/.test(event.key)) focusCard(event.key)
    else acts[event.key]?.()
  })
}
