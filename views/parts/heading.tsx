/** The name of a room, and the way back. */
export const Heading = ({ name }: { name: string }) => (
  <h1 class="text-[15px]">
    {name} <a href="/">back to the Terminal</a>
  </h1>
)
