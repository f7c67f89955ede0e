using System;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;
using NinjaTrader.NinjaScript.AddOns.CoPilot;
using NinjaTrader.Stub;

namespace NinjaTrader.Driver
{
    /// <summary>What a session break and a fast market do to an AddOn.</summary>
    internal static class Storm
    {
        internal static void Nulls(int count)
        {
            Account account = Account.All[0];
            Instrument instrument = Instrument.GetInstrument("MNQ 12-26");
            Collection<Position> positions = account.Positions;
            Collection<Order> orders = account.Orders;
            Collection<Execution> executions = account.Executions;
            for (int i = 0; i < count; i++)
            {
                int which = i;
                Platform.DoNow(delegate
                {
                    account.Positions = which % 3 == 0 ? null : positions;
                    account.Orders = which % 3 == 1 ? null : orders;
                    account.Executions = which % 3 == 2 ? null : executions;
                    account.Connection.Options.Name = which % 2 == 0 ? null : "Simulation";
                    RaiseNulls(account, instrument);
                });
                if (i % 10 == 0)
                    Thread.Sleep(20);
            }
            Platform.DoNow(delegate
            {
                account.Positions = positions;
                account.Orders = orders;
                account.Executions = executions;
                account.Connection.Options.Name = "Simulation";
            });
        }

        private static void RaiseNulls(Account account, Instrument instrument)
        {
            Raise.Order(account, null);
            Raise.Order(account, new OrderEventArgs());
            Raise.Order(account, new OrderEventArgs { Order = new Order(), Quantity = 1, OrderState = OrderState.Working });
            Raise.Order(account, new OrderEventArgs { Order = new Order { Account = account }, Quantity = 1 });
            Raise.Order(account, new OrderEventArgs { Order = new Order { Account = account, Instrument = instrument }, Quantity = 1 });
            Raise.Execution(account, null);
            Raise.Execution(account, new ExecutionEventArgs());
            Raise.Execution(account, new ExecutionEventArgs { Execution = new Execution() });
            Raise.Execution(account, new ExecutionEventArgs { Execution = new Execution { Account = account, ExecutionId = "n", Quantity = 1 } });
            Raise.Execution(account, new ExecutionEventArgs { Execution = new Execution { Account = new Account(), Instrument = instrument, Quantity = 1 } });
            Raise.Position(account, null);
            Raise.Position(account, new PositionEventArgs());
            Raise.Position(account, new PositionEventArgs { Position = new Position() });
            Raise.Item(account, null);
            Raise.Item(account, new AccountItemEventArgs());
            Raise.Item(account, new AccountItemEventArgs { Account = new Account() });
            Raise.Market(instrument, null);
            Raise.Market(instrument, new MarketDataEventArgs());
            Raise.Status(null);
            Raise.Status(new ConnectionStatusEventArgs());
        }

        /// <summary>So many events at so many a second; how long the handlers took.</summary>
        internal static JsonObject Burst(string kind, int count, int perSecond)
        {
            Account account = Account.All[0];
            Instrument instrument = Instrument.GetInstrument("MNQ 12-26");
            Order order = account.CreateOrder(instrument, OrderAction.Buy, OrderType.Limit, OrderEntry.Manual, TimeInForce.Day, 1, 100, 0,
                "", "burst", NinjaTrader.Core.Globals.MaxDate, null);
            if (kind == "order")
                Platform.DoNow(delegate { Platform.Enter(order); });
            else if (kind == "execution")
                order.OrderId = "burst";
            Platform.DoNow(Raise.Reset);
            Stopwatch clock = Stopwatch.StartNew();
            for (int done = 0; done < count; )
            {
                int owed = (int)Math.Min(count, clock.ElapsedMilliseconds * perSecond / 1000 + 1) - done;
                int from = done;
                Platform.DoNow(delegate
                {
                    for (int i = from; i < from + owed; i++)
                        One(kind, i, account, instrument, order);
                });
                done += Math.Max(0, owed);
                Thread.Sleep(1);
            }
            JsonObject answer = null;
            Platform.DoNow(delegate { answer = Times(); });
            return answer;
        }

        private static JsonObject Times()
        {
            return new JsonObject().Add("longestHandlerMs", Raise.LongestMs).Add("meanHandlerMs", Raise.MeanMs).Add("handlers", Raise.Raised)
                .Add("p50Ms", Raise.PercentileMs(500)).Add("p99Ms", Raise.PercentileMs(990)).Add("p999Ms", Raise.PercentileMs(999))
                .Add("over2Ms", Raise.Slow).Add("over2MsByTheMachine", Raise.SlowOfMachine).Add("over2MsUnexplained", Raise.SlowUnexplained)
                .Add("longestOwnMs", Raise.LongestOwnMs);
        }

        private static void One(string kind, int i, Account account, Instrument instrument, Order order)
        {
            if (kind == "order")
                Platform.Tell(order, i % 2 == 0 ? OrderState.Accepted : OrderState.Working);
            else if (kind == "execution")
            {
                order.OrderAction = i % 2 == 0 ? OrderAction.Buy : OrderAction.Sell;
                order.OrderState = OrderState.Filled;
                Platform.Execute(order, 1, 100, 0.62, null);
            }
            else
                Platform.Price(instrument, 20000 + i % 100 * 0.25, 19999.75, 20000.25);
        }
    }
}
