import type { OrderReading, PositionReading } from '#src/domain/picture.ts'
import { formatPrice } from '../format.ts'
import { elementId } from '../parts/id.ts'

const priceOf = ({ stopPrice, limitPrice }: OrderReading): number | undefined => stopPrice ?? limitPrice

/** Whether the order is the stop or target that stands in its position's row already. */
const isExitOf =
  (order: OrderReading) =>
  ({ account, contract, quantity, stop, target }: PositionReading): boolean =>
    account === order.account &&
    contract === order.contractName &&
    quantity > 0 === (order.side === 'sell') &&
    [stop?.price, target?.price].includes(priceOf(order))

const states: Partial<Record<OrderReading['state'], string>> = {
  'cancel-pending': 'cancel asked',
  'change-pending': 'change asked',
  submitted: 'submitted',
  unknown: 'STATE UNKNOWN',
}

const Line = ({ order }: { order: OrderReading }) => (
  <li id={elementId('order', order.account, order.orderId)}>
    {order.side.toUpperCase()} {order.quantity - order.filled} {order.contractName} {order.type.replace('-', ' ')}{' '}
    <span class="figure">{formatPrice(order.instrument, priceOf(order))}</span>{' '}
    <span class="text-quiet">
      {order.alias}
      {order.filled > 0 && `, ${order.filled} filled`}
      {states[order.state] && `, ${states[order.state]}`}
    </span>
  </li>
)

type WorkingProps = { orders: readonly OrderReading[]; positions: readonly PositionReading[] }

/** The orders that work, but for the exits that stand beside their position. */
export const Working = ({ orders, positions }: WorkingProps) => {
  const rest = orders.filter((order) => !positions.some(isExitOf(order)))
  if (rest.length === 0) return null
  return (
    <ul class="working" aria-label="Working orders">
      {rest.map((order) => (
        <Line order={order} />
      ))}
    </ul>
  )
}
