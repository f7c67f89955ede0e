import type { Child } from 'hono/jsx'
import type { Oob } from './oob.ts'
import { swapOf } from './oob.ts'

type BoxProps = Oob & { id: string; title: string; aside?: Child; children: Child }

/** A box with one job: its title, a quiet remark beside it, and what it is for. */
export const Box = ({ id, title, aside, children, oob }: BoxProps) => (
  <section id={id} class="box" aria-label={title} hx-swap-oob={swapOf(oob)}>
    <header class="box-title">
      <h2>{title}</h2>
      <div>{aside}</div>
    </header>
    {children}
  </section>
)

/** What a box says when it has nothing to show: what is missing, and what to do next. */
export const Empty = ({ what, next }: { what: string; next: string }) => (
  <div class="empty">
    <p class="text-ink">{what}</p>
    <p>{next}</p>
  </div>
)
