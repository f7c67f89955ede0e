import type { Child } from 'hono/jsx'

/** One line of a list of facts: what it is, left, and how much, right. */
export const Row = ({ label, children }: { label: string; children: Child }) => (
  <div class="row">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)
