import type { Child } from 'hono/jsx'
import { Layout, type PageProps } from '../layout.tsx'

const sheets = [
  ['/lab', 'Lab'],
  ['/lab/shadow-book', 'Shadow book'],
  ['/lab/compare', 'Compare'],
  ['/lab/night', 'Nights'],
] as const

/** The name of a page of the lab, and the ways to the others. */
export const LabHeading = ({ name, aside }: { name: string; aside?: Child }) => (
  <div class="lab-heading">
    <h1 class="text-[15px]">
      {name} {aside && <small>{aside}</small>}
    </h1>
    <nav aria-label="Lab">
      {sheets.map(([path, words]) => (
        <a href={path} aria-current={words === name ? 'page' : undefined}>
          {words}
        </a>
      ))}
      <a href="/">Terminal</a>
    </nav>
  </div>
)

type SheetProps = PageProps & { title: string; aside?: Child; children: Child }

/** A page of the lab that was read from what is kept: it says when it was made and does not move. */
export const LabSheet = ({ title, aside, children, ...props }: SheetProps) => (
  <Layout {...props} page="lab" stream="lab-sheet" title={title}>
    <LabHeading name={title} aside={aside} />
    {children}
  </Layout>
)
