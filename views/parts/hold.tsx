import type { Child } from 'hono/jsx'

type HoldProps = {
  id: string
  /** Where it posts; the same address, read, asks first. */
  action: string
  /** Sent along. */
  fields?: Readonly<Record<string, string>>
  loud?: boolean
  /** Verb, quantity, market and account. */
  children: Child
}

/**
 * A dangerous act, held for 600 ms; only then `confirmed=yes` is sent with it. Without a script it is sent unconfirmed,
 * and the server asks by a page of its own.
 */
export const Hold = ({ id, action, fields = {}, loud, children }: HoldProps) => (
  <form method="post" action={action} hx-post={action} hx-swap="none">
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button type="submit" id={id} class="hold" data-hold data-loud={loud} title="Hold the button, or Space, for 0.6 s">
      {children}
    </button>
  </form>
)
