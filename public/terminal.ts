import htmx from 'htmx.org'
import { createLiveSource } from './island/live-source.ts'
import 'htmx-ext-sse'
import { Idiomorph } from 'idiomorph/htmx'
import { tickAges } from './island/ages.ts'
import { flashChanges } from './island/flash.ts'
import { listenToHolds } from './island/hold.ts'
import { listenToKeys } from './island/keys.ts'
import { hearAlerts, prepareSound, soundLost } from './island/sound.ts'

/** A page that hears nothing may not say YES. The first fragment of the next stream brings the real answer back. */
const closeGate = (): void => {
  const gate = document.getElementById('gate')
  gate?.setAttribute('data-open', 'false')
  gate?.querySelector('.answer')?.replaceChildren('NO')
  gate?.querySelector('.facts')?.replaceChildren('The server is not heard, so nothing here is known to be true now.')
}

const showConnection = (connected: boolean): void => {
  const wasLost = document.documentElement.classList.contains('lost')
  document.documentElement.classList.toggle('lost', !connected)
  document.getElementById('connection')?.toggleAttribute('hidden', connected)
  if (connected) return
  closeGate()
  if (!wasLost) soundLost()
}

/** What the reader opened stays open, and what he holds stays held: the server knows nothing of it. */
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name: string, node: Element): boolean =>
  !(name === 'data-holding' || (name === 'open' && /^(DETAILS|DIALOG)$/.test(node.tagName)))

Object.assign(htmx, { createEventSource: (url: string) => createLiveSource(url, showConnection) })

/** The page carries its mode in its title and its icon, and both follow the badge. */
const showMode = (): void => {
  const { mode, word } = document.getElementById('mode')?.dataset ?? {}
  const icon = document.querySelector<HTMLLinkElement>('#favicon')
  if (!mode || !word || !icon || document.title.startsWith(`${word} `)) return
  document.title = document.title.replace(/^[^·]+/, `${word} `)
  icon.href = icon.href.replace(/mode-[a-z-]+\.svg/, `mode-${mode}.svg`)
}

const afterSwap = (): void => {
  tickAges()
  showMode()
  hearAlerts()
}

document.addEventListener('DOMContentLoaded', () => {
  tickAges()
  setInterval(tickAges, 500)
  flashChanges()
  prepareSound()
  listenToKeys()
  listenToHolds()
  document.body.addEventListener('htmx:sseMessage', afterSwap)
})
