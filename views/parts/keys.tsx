const keys = [
  ['1–4', 'go to a card'],
  ['a', 'acknowledge the newest alert'],
  ['m', 'mute or unmute'],
  ['g then t', 'Terminal'],
  ['g then s', 'System'],
  ['?', 'this list'],
  ['Esc', 'close'],
] as const

/** The keys, shown by `?`. None of them sends an order. */
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
