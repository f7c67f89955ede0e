const holdMs = 600

type Held = { readonly button: HTMLButtonElement; readonly timer: number }
let held: Held | undefined

const release = (): void => {
  if (held === undefined) return
  clearTimeout(held.timer)
  held.button.removeAttribute('data-holding')
  held = undefined
}

/** Says yes in the form and sends it; a form the stream took off the page meanwhile sends nothing. */
const send = (button: HTMLButtonElement): void => {
  const { form } = button
  release()
  if (form === null || !button.isConnected) return
  const yes = Object.assign(document.createElement('input'), { type: 'hidden', name: 'confirmed', value: 'yes' })
  form.append(yes)
  form.requestSubmit()
  yes.remove()
}

const press = (target: EventTarget | null): void => {
  const button = (target as Element | null)?.closest<HTMLButtonElement>('[data-hold]')
  if (!button) return
  release()
  button.setAttribute('data-holding', '')
  held = { button, timer: window.setTimeout(() => send(button), holdMs) }
}

const isHolding = ({ target, key }: KeyboardEvent): boolean =>
  [' ', 'Enter'].includes(key) && (target as Element).closest('[data-hold]') !== null

const tell = (text: string): void => {
  const output = document.getElementById('refused')
  output?.replaceChildren(text)
  output?.toggleAttribute('hidden', text === '')
}

const refusalOf = (text: string): string => {
  try {
    return (JSON.parse(text) as { error: { reason: string } }).error.reason.replaceAll('-', ' ')
  } catch {
    return 'the server failed'
  }
}

/**
 * Buttons marked `data-hold` send only after 600 ms under the finger, the mouse or Space; a click alone does nothing.
 * What is refused or does not arrive is told on the page, since nobody may believe in an act that was not taken.
 */
export const listenToHolds = (): void => {
  document.addEventListener('pointerdown', ({ target, button }) => button === 0 && press(target))
  for (const end of ['pointerup', 'pointercancel', 'visibilitychange']) document.addEventListener(end, release)
  document.addEventListener('pointerout', ({ relatedTarget }) => {
    if (!held?.button.contains(relatedTarget as Node | null)) release()
  })
  // Pressed by a mouse, the button takes the focus from another element: only its own loss of it is a letting go.
  document.addEventListener('focusout', ({ target }) => target === held?.button && release())
  window.addEventListener('blur', release)
  document.addEventListener('contextmenu', (event) => held && event.preventDefault())
  document.addEventListener(
    'click',
    (event) => (event.target as Element).closest('[data-hold]') && event.preventDefault(),
  )
  document.addEventListener('keydown', (event) => {
    if (!isHolding(event)) return
    event.preventDefault()
    if (!event.repeat) press(event.target)
  })
  document.addEventListener('keyup', release)
  document.body.addEventListener('htmx:beforeRequest', () => tell(''))
  document.body.addEventListener('htmx:responseError', (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail
    tell(`Not done: ${refusalOf(xhr.responseText)}. Do it in NinjaTrader.`)
  })
  document.body.addEventListener('htmx:sendError', () =>
    tell('Not done: the server is not heard. Do it in NinjaTrader.'),
  )
}
