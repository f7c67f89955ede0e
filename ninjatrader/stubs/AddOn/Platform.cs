using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;

namespace NinjaTrader.Stub
{
    /// <summary>
    /// A small platform behind NinjaTrader's words: one thread owns it, does what is due in order and raises the events, as the
    /// real one does on threads of its own. Nothing fills unless it is told to, or a price makes it.
    /// </summary>
    internal static class Platform
    {
        private static readonly SortedDictionary<long, Action> due = new SortedDictionary<long, Action>();
        private static readonly Stopwatch clock = Stopwatch.StartNew();
        private static readonly HashSet<string> usedOco = new HashSet<string>();
        private static long sequence;
        private static int logs;

        internal static string Auto = "none";
        internal static bool Confirms = true;
        internal static long ClockOffsetMs = 0;
        internal static int Submitted;
        internal static int DefaultGapMs = 50;
        /// <summary>How long an order that was submitted is on nobody's list.</summary>
        internal static int ListsAfterMs = 0;

        internal static int Logs
        {
            get { return Thread.VolatileRead(ref logs); }
        }

        internal static DateTime Now
        {
            get { return DateTime.UtcNow.AddMilliseconds(ClockOffsetMs); }
        }

        // ---- The thread.

        internal static void Begin()
        {
            Thread thread = new Thread(Run);
            thread.IsBackground = true;
            thread.Name = "Platform";
            thread.Start();
        }

        internal static void Do(Action action)
        {
            After(0, action);
        }

        internal static void After(int ms, Action action)
        {
            lock (due)
            {
                due.Add((clock.ElapsedMilliseconds + ms) * 10000000 + sequence++ % 10000000, action);
                Monitor.Pulse(due);
            }
        }

        /// <summary>Does something on the platform's thread and returns when it is done. Throws what it threw.</summary>
        internal static void DoNow(Action action)
        {
            Exception thrown = null;
            using (ManualResetEvent done = new ManualResetEvent(false))
            {
                Do(delegate
                {
                    try
                    {
                        action();
                    }
                    catch (Exception fault)
                    {
                        thrown = fault;
                    }
                    finally
                    {
                        done.Set();
                    }
                });
                done.WaitOne();
            }
            if (thrown != null)
                throw thrown;
        }

        private static void Run()
        {
            for (;;)
                Next()();
        }

        private static Action Next()
        {
            lock (due)
                for (;;)
                {
                    foreach (KeyValuePair<long, Action> first in due)
                    {
                        long wait = first.Key / 10000000 - clock.ElapsedMilliseconds;
                        if (wait > 0)
                        {
                            Monitor.Wait(due, (int)wait);
                            break;
                        }
                        due.Remove(first.Key);
                        return first.Value;
                    }
                    if (due.Count == 0)
                        Monitor.Wait(due);
                }
        }

        internal static void Logged(string message)
        {
            Interlocked.Increment(ref logs);
            Console.Error.WriteLine(message);
        }

        // ---- What the AddOn calls, from any thread; the platform answers later.

        internal static void Submit(Account account, List<Order> orders)
        {
            Interlocked.Add(ref Submitted, orders.Count);
            After(ListsAfterMs, delegate
            {
                foreach (Order order in orders)
                    Enter(order);
            });
        }

        internal static void Cancel(List<Order> orders)
        {
            Do(delegate
            {
                foreach (Order order in orders)
                    AskCancel(order);
            });
        }

        internal static void Change(List<Order> orders)
        {
            Do(delegate
            {
                foreach (Order order in orders)
                    AskChange(order);
            });
        }

        // ---- What happens to an order, on the platform's thread.

        internal static void Enter(Order order)
        {
            order.OrderId = Guid.NewGuid().ToString("N");
            lock (order.Account.Orders)
                order.Account.Orders.Add(order);
            Tell(order, OrderState.Submitted);
            if (!string.IsNullOrEmpty(order.Oco) && usedOco.Contains(order.Oco))
            {
                Reject(order, "OCO id cannot be reused");
                return;
            }
            Tell(order, OrderState.Accepted);
            Tell(order, OrderState.Working);
            MarketDataEventArgs last = order.Instrument.MarketData.Last;
            if (order.OrderType == OrderType.Market && Auto != "none" && last != null)
                Fill(order, order.Quantity, last.Price, 0.62, null, DefaultGapMs);
        }

        internal static void AskCancel(Order order)
        {
            if (!IsOpen(order) || IsPending(order))
                return;
            Tell(order, OrderState.CancelPending);
            if (Confirms)
                Do(delegate { Confirm(order); });
        }

        private static void AskChange(Order order)
        {
            if (!IsOpen(order) || IsPending(order))
                return;
            Tell(order, OrderState.ChangePending);
            if (Confirms)
                Do(delegate { Confirm(order); });
        }

        internal static void Confirm(Order order)
        {
            if (order.OrderState == OrderState.CancelPending)
                Cancelled(order);
            else if (order.OrderState == OrderState.ChangePending)
            {
                order.Quantity = order.QuantityChanged > 0 ? order.QuantityChanged : order.Quantity;
                order.LimitPrice = order.LimitPriceChanged > 0 ? order.LimitPriceChanged : order.LimitPrice;
                order.StopPrice = order.StopPriceChanged > 0 ? order.StopPriceChanged : order.StopPrice;
                Tell(order, order.Filled > 0 ? OrderState.PartFilled : OrderState.Working);
            }
        }

        private static void Cancelled(Order order)
        {
            if (!IsOpen(order))
                return;
            Tell(order, OrderState.Cancelled);
            EndGroup(order);
        }

        internal static void Reject(Order order, string reason)
        {
            if (!IsOpen(order))
                return;
            Tell(order, OrderState.Rejected, ErrorCode.OrderRejected, reason);
            EndGroup(order);
        }

        private static void EndGroup(Order order)
        {
            if (string.IsNullOrEmpty(order.Oco))
                return;
            usedOco.Add(order.Oco);
            foreach (Order other in new List<Order>(order.Account.Orders))
                if (other != null && other != order && other.Oco == order.Oco && IsOpen(other))
                    Tell(other, OrderState.Cancelled);
        }

        internal static void Fill(Order order, int quantity, double price, double commission, string executionId, int gapMs)
        {
            if (!IsOpen(order))
                throw new InvalidOperationException("the order is " + order.OrderState);
            quantity = Math.Min(quantity, order.Quantity - order.Filled);
            order.AverageFillPrice = (order.AverageFillPrice * order.Filled + price * quantity) / (order.Filled + quantity);
            order.Filled += quantity;
            bool pending = IsPending(order) && order.Filled < order.Quantity;
            Tell(order, order.Filled >= order.Quantity ? OrderState.Filled : pending ? order.OrderState : OrderState.PartFilled);
            Execute(order, quantity, price, commission, executionId);
            if (order.OrderState == OrderState.Filled)
                EndGroup(order);
            bool buys = order.OrderAction == OrderAction.Buy || order.OrderAction == OrderAction.BuyToCover;
            After(gapMs, delegate { Move(order.Account, order.Instrument, buys ? quantity : -quantity, price); });
        }

        internal static void Execute(Order order, int quantity, double price, double commission, string executionId)
        {
            bool buys = order.OrderAction == OrderAction.Buy || order.OrderAction == OrderAction.BuyToCover;
            Execution execution = new Execution
            {
                Account = order.Account,
                Instrument = order.Instrument,
                Order = order,
                OrderId = order.OrderId,
                Name = order.Name,
                ExecutionId = executionId ?? Guid.NewGuid().ToString("N"),
                MarketPosition = buys ? MarketPosition.Long : MarketPosition.Short,
                Quantity = quantity,
                Price = price,
                Commission = commission * quantity,
                Time = Now
            };
            lock (order.Account.Executions)
                order.Account.Executions.Add(execution);
            Raise.Execution(order.Account, new ExecutionEventArgs { Execution = execution, Operation = Operation.Add });
        }

        private static void Move(Account account, Instrument instrument, int change, double price)
        {
            Position position = null;
            int before = 0;
            lock (account.Positions)
            {
                foreach (Position each in account.Positions)
                    if (each != null && each.Instrument == instrument)
                        position = each;
                if (position == null)
                    account.Positions.Add(position = new Position { Account = account, Instrument = instrument });
                before = position.MarketPosition == MarketPosition.Short ? -position.Quantity : position.Quantity;
                int after = before + change;
                bool grows = before == 0 || before > 0 == change > 0;
                if (grows)
                    position.AveragePrice = (position.AveragePrice * Math.Abs(before) + price * Math.Abs(change)) / Math.Abs(after);
                else if (after != 0 && after > 0 != before > 0)
                    position.AveragePrice = price;
                position.MarketPosition = after == 0 ? MarketPosition.Flat : after > 0 ? MarketPosition.Long : MarketPosition.Short;
                position.Quantity = Math.Abs(after);
                if (after == 0)
                    account.Positions.Remove(position);
            }
            Raise.Position(account, new PositionEventArgs
            {
                Position = position,
                MarketPosition = position.MarketPosition,
                Quantity = position.Quantity,
                AveragePrice = position.AveragePrice,
                Operation = position.Quantity == 0 ? Operation.Remove : before == 0 ? Operation.Add : Operation.Update
            });
        }

        // Of what the platform has lost sight the exchange still knows.
        internal static bool IsOpen(Order order)
        {
            return order.OrderState == OrderState.Unknown || !Order.IsTerminalState(order.OrderState);
        }

        private static bool IsPending(Order order)
        {
            return order.OrderState == OrderState.CancelPending || order.OrderState == OrderState.ChangePending;
        }

        internal static void Tell(Order order, OrderState state)
        {
            Tell(order, state, ErrorCode.NoError, "");
        }

        private static void Tell(Order order, OrderState state, ErrorCode error, string comment)
        {
            order.OrderState = state;
            Raise.Order(order.Account, new OrderEventArgs
            {
                Order = order,
                OrderId = order.OrderId,
                OrderState = state,
                Quantity = order.Quantity,
                Filled = order.Filled,
                AverageFillPrice = order.AverageFillPrice,
                LimitPrice = order.LimitPrice,
                StopPrice = order.StopPrice,
                Time = Now,
                Error = error,
                Comment = comment
            });
        }

        // ---- Prices.

        internal static void Price(Instrument instrument, double last, double? bid, double? ask)
        {
            MarketDataEventArgs trade = Print(instrument, MarketDataType.Last, last);
            instrument.MarketData.Last = trade;
            if (bid.HasValue)
                Raise.Market(instrument, Print(instrument, MarketDataType.Bid, bid.Value));
            if (ask.HasValue)
                Raise.Market(instrument, Print(instrument, MarketDataType.Ask, ask.Value));
            Raise.Market(instrument, trade);
            if (Auto != "all")
                return;
            foreach (Account account in new List<Account>(Account.All))
                foreach (Order order in new List<Order>(account.Orders))
                    if (order != null && order.Instrument == instrument && IsOpen(order) && Trades(order, last))
                        Fill(order, order.Quantity - order.Filled, order.OrderType == OrderType.Limit ? order.LimitPrice : last, 0.62, null, DefaultGapMs);
        }

        internal static MarketDataEventArgs Print(Instrument instrument, MarketDataType type, double price)
        {
            return new MarketDataEventArgs { Instrument = instrument, MarketDataType = type, Price = price, Time = Now };
        }

        // A stop at or beyond its price, a limit when the price goes a tick through it.
        private static bool Trades(Order order, double last)
        {
            bool buys = order.OrderAction == OrderAction.Buy || order.OrderAction == OrderAction.BuyToCover;
            double tick = order.Instrument.MasterInstrument.TickSize;
            if (order.OrderType == OrderType.Limit)
                return buys ? last <= order.LimitPrice - tick / 2 : last >= order.LimitPrice + tick / 2;
            return order.OrderType == OrderType.Market || (buys ? last >= order.StopPrice : last <= order.StopPrice);
        }
    }
}
