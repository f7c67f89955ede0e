import { rooms } from '../../views/rooms.ts'
import { toggleMute } from './sound.ts'

const addresses = new Map<string, string>(Object.values(rooms).map(({ key, path }) => [key, path]))

const showKeys = (): void => document.querySelector<HTMLDialogElement>('#keys')?.showModal()
const acknowledgeNewest = (): void => document.querySelector<HTMLElement>('#alerts form button')?.click()
const focusCard = (place: string): void =>
  document.querySelectorAll<HTMLElement>('.cards > article')[Number(place) - 1]?.focus()

const acts: Readonly<Record<string, () => void>> = { '?': showKeys, a: acknowledgeNewest, m: toggleMute }

/** The menu ends where the reader goes elsewhere, and on Escape, which leads back to its word. */
const leaveMenu = (event: Event): void => {
  const menu = document.querySelector<HTMLDetailsElement>('#menu[open]')
  const escapes = event instanceof KeyboardEvent
  if (!menu || (escapes ? event.key !== 'Escape' : menu.contains(event.target as Node))) return
  menu.open = false
  if (escapes) menu.querySelector('summary')?.focus()
}

/** The keys of the page: none of them sends an order, and none acts while something is typed. `g` goes on to a room. */
export const listenToKeys = (): void => {
  let leaving = false
  document.querySelector('[data-press="keys"]')?.addEventListener('click', showKeys)
  document.addEventListener('click', leaveMenu)
  document.addEventListener('keydown', leaveMenu)
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
