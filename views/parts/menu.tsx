import { type Palette, type Preferences, palettes, type Theme, themes } from '#src/domain/preferences.ts'
import { type Page, pages, rooms } from '../rooms.ts'

const themeWords: Readonly<Record<Theme, string>> = { auto: 'as the system', dark: 'dark', light: 'light' }
const paletteWords: Readonly<Record<Palette, string>> = {
  'green-red': 'green up, red down',
  'blue-orange': 'blue up, orange down',
  'red-up': 'red up, green down',
}

type ChoiceProps<T extends string> = {
  name: string
  label: string
  words: Readonly<Record<T, string>>
  options: readonly T[]
  chosen: T
}

const Choice = <T extends string>({ name, label, words, options, chosen }: ChoiceProps<T>) => (
  <label>
    {label}
    <select name={name}>
      {options.map((option) => (
        <option value={option} selected={option === chosen}>
          {words[option]}
        </option>
      ))}
    </select>
  </label>
)

/** How this browser draws the screen. */
export const Appearance = ({ preferences }: { preferences: Preferences }) => (
  <form method="post" action="/preferences" class="appearance">
    <Choice name="theme" label="Theme" words={themeWords} options={themes} chosen={preferences.theme} />
    <Choice name="palette" label="Colors" words={paletteWords} options={palettes} chosen={preferences.palette} />
    <button type="submit" class="quiet-button">
      save
    </button>
  </form>
)

/** Rooms, appearance and sound, behind one word. The buttons that need the script appear with it. */
export const Menu = ({ page, preferences }: { page: Page; preferences: Preferences }) => (
  <details id="menu">
    <summary>Menu</summary>
    <div class="panel">
      <nav aria-label="Rooms">
        {pages.map((each) => (
          <a href={rooms[each].path} aria-current={page === each ? 'page' : undefined}>
            {rooms[each].name}
          </a>
        ))}
      </nav>
      <Appearance preferences={preferences} />
      <div id="sound" hidden>
        <button type="button" class="quiet-button" data-press="mute" aria-pressed="false">
          mute
        </button>
        <button type="button" class="quiet-button" data-press="test-sound">
          test sound
        </button>
        <button type="button" class="quiet-button" data-press="keys">
          keys
        </button>
        <p id="sound-hint" hidden>
          The browser holds sound back until you click once on this page.
        </p>
      </div>
    </div>
  </details>
)
