import type { Child } from 'hono/jsx'

type CellProps = { label: Child; tone?: string | undefined; class?: string; children: Child }

/** A small label with its value beneath: one fact of the header. */
export const Cell = ({ label, tone, children, ...rest }: CellProps) => (
  <div class={`cell ${rest.class ?? ''}`} data-tone={tone}>
    <span class="label">{label}</span>
    <span class="cell-value">{children}</span>
  </div>
)
