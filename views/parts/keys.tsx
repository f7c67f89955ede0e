import { pages, rooms } from '../rooms.ts'

const keys = [
  ['1–4', 'go to a card'],
  ['1–5', 'on a chart: its timeframe'],
  ['t', 'on a chart: its bars as a table'],
  ['a', 'acknowledge the newest alert'],
  ['m', 'mute or unmute'],
  ...pages.map((page) => [`g then ${rooms[page].key}`, rooms[page].name] as const),
  ['?', 'this list'],
  ['Esc', 'close'],
  ['Space, held', 'flatten, where that button has the focus'],
] as const

/** The keys, shown by `?`. None of them sends money without a button that was chosen first. */
export const Keys = () => (
  <dialog id="keys" aria-label="Keys">
    <h2>Keys</h2>
    <dl>
      {keys.map(([key, what]) => (
        <div class="row">
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
    <form method="dialog">
      <button type="submit" class="quiet-button">
        close
      </button>
    </form>
  </dialog>
)
