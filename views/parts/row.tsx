import type { Child } from 'hono/jsx'

type RowProps = {
  /** Names the line for good, so that a repaint with other words in it moves nothing. */
  id?: string
  label: string
  children: Child
}

/** One line of a list of facts: what it is, left, and how much, right. */
export const Row = ({ id, label, children }: RowProps) => (
  <div class="row" id={id}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)
