import { type Layer, layers } from '../../views/chart/layers.ts'

const key = 'chart-layers'

const remembered = (): readonly Layer[] | undefined => {
  const names = localStorage.getItem(key)?.split(' ')
  return names?.filter((name): name is Layer => name in layers)
}

/** Follows the boxes of the menu, as this browser last left them; `onChoice` hears at once and at every change. */
export const followLayers = (onChoice: (chosen: ReadonlySet<Layer>) => void): void => {
  const menu = document.getElementById('chart-layers')
  const boxes = [...(menu?.querySelectorAll<HTMLInputElement>('input') ?? [])]
  const before = remembered()
  for (const box of boxes) if (before) box.checked = before.includes(box.value as Layer)
  const chosen = (): Layer[] => boxes.filter(({ checked }) => checked).map(({ value }) => value as Layer)
  menu?.addEventListener('change', () => {
    localStorage.setItem(key, chosen().join(' '))
    onChoice(new Set(chosen()))
  })
  onChoice(new Set(chosen()))
}
