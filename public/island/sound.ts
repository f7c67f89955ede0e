const muteKey = 'muted'
let audio: AudioContext | undefined
let heard = -1

/** Each sound as [frequency in Hz, start in s] notes: rising for a zone, falling for a loss, twice low for a risk, one note for the rest. */
const sounds = {
  zone: [
    [660, 0],
    [880, 0.14],
    [1320, 0.28],
  ],
  near: [
    [660, 0],
    [880, 0.14],
  ],
  lost: [
    [440, 0],
    [294, 0.18],
  ],
  fill: [
    [784, 0],
    [784, 0.1],
  ],
  risk: [
    [330, 0],
    [330, 0.16],
    [247, 0.34],
  ],
  notice: [[587, 0]],
} as const
type Sound = keyof typeof sounds

const isMuted = (): boolean => localStorage.getItem(muteKey) === 'yes'

const note = (context: AudioContext, frequency: number, start: number): void => {
  const tone = new OscillatorNode(context, { type: 'sine', frequency })
  const volume = new GainNode(context, { gain: 0 })
  tone.connect(volume).connect(context.destination)
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(0.12, start + 0.015)
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3)
  tone.start(start)
  tone.stop(start + 0.32)
}

const hint = (isHeard: boolean): void => void document.getElementById('sound-hint')?.toggleAttribute('hidden', isHeard)

const play = async (sound: Sound): Promise<void> => {
  // Before the first touch a browser plays nothing, and complains of whoever tries.
  if (!navigator.userActivation.hasBeenActive) {
    hint(false)
    return
  }
  audio ??= new AudioContext()
  const blocked = new Promise((resolve) => setTimeout(resolve, 300))
  await Promise.race([audio.resume(), blocked])
  hint(audio.state === 'running')
  if (audio.state !== 'running') return
  for (const [frequency, start] of sounds[sound]) note(audio, frequency, audio.currentTime + start)
}

const sound = (name: string | undefined): void => {
  if (name !== undefined && name in sounds && !isMuted()) void play(name as Sound)
}

/** Sounds the newest alert when one came that was not on the page before; what was there at first stays silent. */
export const hearAlerts = (): void => {
  const alerts = [...document.querySelectorAll<HTMLElement>('[data-alert]')]
  const fresh = alerts.filter(({ dataset }) => Number(dataset['alert']) > heard)
  if (heard >= 0) sound(fresh.find(({ dataset }) => dataset['sound'])?.dataset['sound'])
  heard = Math.max(heard, 0, ...fresh.map(({ dataset }) => Number(dataset['alert'])))
}

/** Sounds that the server is no longer heard. */
export const soundLost = (): void => sound('lost')

const showMute = (): void => {
  const button = document.querySelector('[data-press="mute"]')
  button?.setAttribute('aria-pressed', String(isMuted()))
  if (button) button.textContent = isMuted() ? 'muted' : 'mute'
}

/** Mutes, or unmutes; remembered by this browser. */
export const toggleMute = (): void => {
  localStorage.setItem(muteKey, isMuted() ? 'no' : 'yes')
  showMute()
}

/** Shows the sound buttons and makes the alerts already on the page old news. */
export const prepareSound = (): void => {
  document.getElementById('sound')?.removeAttribute('hidden')
  document.querySelector('[data-press="mute"]')?.addEventListener('click', toggleMute)
  document.querySelector('[data-press="test-sound"]')?.addEventListener('click', () => void play('zone'))
  showMute()
  hearAlerts()
}
