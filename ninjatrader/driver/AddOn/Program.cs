using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Core;
using NinjaTrader.Data;
using NinjaTrader.NinjaScript;
using NinjaTrader.NinjaScript.AddOns;
using NinjaTrader.NinjaScript.AddOns.CoPilot;
using NinjaTrader.Stub;

namespace NinjaTrader.Driver
{
    /// <summary>
    /// Runs the real AddOn on the scripted platform: one JSON command a line on standard input, one JSON answer a line on
    /// standard output. What NinjaTrader's log would say goes to standard error.
    /// </summary>
    internal static class Program
    {
        private const string Instruments = "MNQ 12-26,MES 12-26,MGC 12-26,MCL 12-26,MHG 12-26,SIL 12-26";
        private static readonly Dictionary<string, Func<Ask, JsonObject>> verbs = new Dictionary<string, Func<Ask, JsonObject>>
        {
            { "start", Start },
            { "stop", Stop },
            { "kill", Kill },
            { "list", List },
            { "price", Price },
            { "manual", Manual },
            { "order", Resting },
            { "fill", Fill },
            { "reject", Reject },
            { "confirm", Confirm },
            { "cancel", Cancel },
            { "unknown", Forget },
            { "account", Balance },
            { "connection", Connect },
            { "nulls", Nulls },
            { "burst", Bursts },
            { "look", Look },
            { "memory", Memory },
            { "at", At },
            { "lists", Lists }
        };
        private static CoPilotBridge addOn;
        private static int unhandled;

        private static void Main()
        {
            AppDomain.CurrentDomain.UnhandledException += delegate { Interlocked.Increment(ref unhandled); };
            Accounts();
            Platform.Begin();
            for (string line = Console.ReadLine(); line != null; line = Console.ReadLine())
                Console.WriteLine(Answer(line));
        }

        private static string Answer(string line)
        {
            try
            {
                Ask ask = new Ask(line);
                if (!verbs.ContainsKey(ask.Text("do")))
                    throw new ArgumentException("nobody knows how to " + ask.Text("do"));
                return verbs[ask.Text("do")](ask).Add("ok", true).ToString();
            }
            catch (Exception fault)
            {
                return new JsonObject().Add("ok", false).Add("error", fault.Message).ToString();
            }
        }

        private static void Accounts()
        {
            Add("Sim101", Provider.Simulator, "Simulation");
            Add("Eval50", Provider.Provider1, "Evaluation");
            Add("Playback101", Provider.Playback, "Playback");
        }

        private static void Add(string name, Provider provider, string connectionName)
        {
            Connection connection = new Connection
            {
                Options = new ConnectOptions { Name = connectionName, Provider = provider },
                Status = ConnectionStatus.Connected,
                PriceStatus = ConnectionStatus.Connected
            };
            Account account = new Account { Name = name, Provider = provider, Denomination = Currency.UsDollar, Connection = connection };
            account.Items[AccountItem.CashValue] = 50000;
            account.Items[AccountItem.NetLiquidation] = 50000;
            Connection.Connections.Add(connection);
            Account.All.Add(account);
        }

        // As at the platform's start: the settings are a file, and the AddOn walks through its states.
        private static JsonObject Start(Ask ask)
        {
            string folder = ask.Text("folder");
            Directory.CreateDirectory(folder);
            File.WriteAllLines(Path.Combine(folder, "CoPilotBridge.config"), new[]
            {
                "# written by the driver",
                "Url=" + ask.Text("url"),
                "Token=" + ask.Text("token"),
                "Bridge=" + ask.Text("bridge"),
                "AllowOrders=" + ask.Flag("allowOrders"),
                "MaxContracts=" + ask.Whole("maxContracts", 0),
                "Accounts=" + string.Join(",", ask.Texts("accounts")),
                "Instruments=" + Instruments,
                "WatchdogUrl=" + ask.Text("watchdogUrl"),
                "WatchdogToken=" + ask.Text("watchdogToken"),
                "WatchdogAfterMs=" + ask.Whole("watchdogAfterMs", 20000)
            });
            Globals.UserDataDir = folder + Path.DirectorySeparatorChar;
            Platform.Auto = ask.Text("auto").Length > 0 ? ask.Text("auto") : "none";
            Platform.Confirms = ask.Text("confirm") != "none";
            addOn = new CoPilotBridge();
            Walk(addOn, State.SetDefaults, State.Configure, State.Active);
            return new JsonObject();
        }

        private static JsonObject Stop(Ask ask)
        {
            Walk(addOn, State.Terminated);
            return new JsonObject();
        }

        private static JsonObject Kill(Ask ask)
        {
            System.Diagnostics.Process.GetCurrentProcess().Kill();
            return new JsonObject();
        }

        // What NinjaTrader does to fill a list on the screen: an instance that never runs.
        private static JsonObject List(Ask ask)
        {
            Walk(new CoPilotBridge(), State.SetDefaults, State.Terminated);
            return new JsonObject();
        }

        private static void Walk(CoPilotBridge addOn, params State[] states)
        {
            Platform.DoNow(delegate
            {
                foreach (State state in states)
                    addOn.SetState(state);
            });
        }

        private static JsonObject Price(Ask ask)
        {
            Platform.DoNow(delegate { Platform.Price(ask.Instrument(), ask.Number("last", 0), ask.Known("bid"), ask.Known("ask")); });
            return new JsonObject();
        }

        private static JsonObject Manual(Ask ask)
        {
            Order order = ask.Order(OrderType.Market, ask.Text("name"));
            Platform.DoNow(delegate
            {
                Platform.Enter(order);
                if (Platform.IsOpen(order))
                    Platform.Fill(order, order.Quantity, ask.Number("price", 0), ask.Number("commission", 0.62) / order.Quantity,
                        ask.Text("executionId").Length > 0 ? ask.Text("executionId") : null, ask.Whole("gapMs", Platform.DefaultGapMs));
            });
            return new JsonObject().Add("orderId", order.OrderId);
        }

        private static JsonObject Resting(Ask ask)
        {
            Order order = ask.Order(ask.OrderType(), ask.Text("name"));
            Platform.DoNow(delegate { Platform.Enter(order); });
            return new JsonObject().Add("orderId", order.OrderId);
        }

        private static JsonObject Fill(Ask ask)
        {
            Platform.DoNow(delegate
            {
                Platform.Fill(ask.Known(), ask.Whole("quantity", 1), ask.Number("price", 0), ask.Number("commission", 0.62), null,
                    ask.Whole("gapMs", Platform.DefaultGapMs));
            });
            return new JsonObject();
        }

        private static JsonObject Reject(Ask ask)
        {
            Platform.DoNow(delegate { Platform.Reject(ask.Known(), ask.Text("reason")); });
            return new JsonObject();
        }

        private static JsonObject Confirm(Ask ask)
        {
            Platform.DoNow(delegate { Platform.Confirm(ask.Known()); });
            return new JsonObject();
        }

        private static JsonObject Cancel(Ask ask)
        {
            Platform.DoNow(delegate { Platform.AskCancel(ask.Known()); });
            return new JsonObject();
        }

        // The platform loses sight of an order.
        private static JsonObject Forget(Ask ask)
        {
            Platform.DoNow(delegate { Platform.Tell(ask.Known(), OrderState.Unknown); });
            return new JsonObject();
        }

        private static JsonObject Balance(Ask ask)
        {
            Account account = ask.Account();
            Platform.DoNow(delegate
            {
                Set(account, AccountItem.CashValue, ask.Known("cash"));
                Set(account, AccountItem.RealizedProfitLoss, ask.Known("realized"));
                Set(account, AccountItem.UnrealizedProfitLoss, ask.Known("unrealized"));
                Set(account, AccountItem.NetLiquidation, ask.Known("netLiquidation"));
            });
            return new JsonObject();
        }

        private static void Set(Account account, AccountItem item, double? value)
        {
            if (!value.HasValue)
                return;
            lock (account.Items)
                account.Items[item] = value.Value;
            Raise.Item(account, new AccountItemEventArgs { Account = account, AccountItem = item, Currency = Currency.UsDollar, Value = value.Value });
        }

        private static JsonObject Connect(Ask ask)
        {
            Platform.DoNow(delegate
            {
                foreach (Connection connection in Connection.Connections)
                    if (connection.Options.Name == ask.Text("name"))
                    {
                        connection.PriceStatus = Status(ask.Text("price"), connection.PriceStatus);
                        connection.Status = Status(ask.Text("orders"), connection.Status);
                        Raise.Status(new ConnectionStatusEventArgs { Connection = connection, Status = connection.Status, PriceStatus = connection.PriceStatus });
                    }
            });
            return new JsonObject();
        }

        private static ConnectionStatus Status(string word, ConnectionStatus before)
        {
            switch (word)
            {
                case "connected": return ConnectionStatus.Connected;
                case "connecting": return ConnectionStatus.Connecting;
                case "lost": return ConnectionStatus.ConnectionLost;
                case "disconnected": return ConnectionStatus.Disconnected;
                default: return before;
            }
        }

        private static JsonObject Nulls(Ask ask)
        {
            Storm.Nulls(ask.Whole("count", 100));
            return new JsonObject();
        }

        private static JsonObject Bursts(Ask ask)
        {
            return Storm.Burst(ask.Text("kind"), ask.Whole("count", 2000), ask.Whole("perSecond", 2000));
        }

        // Collects first: too dear for a look.
        private static JsonObject Memory(Ask ask)
        {
            return new JsonObject().Add("bytes", GC.GetTotalMemory(true));
        }

        // For the tests of a machine whose clock is wrong.
        private static JsonObject At(Ask ask)
        {
            Platform.ClockOffsetMs = ask.Whole("ms", 0);
            Clock.SkewMs = Platform.ClockOffsetMs;
            return new JsonObject();
        }

        private static JsonObject Lists(Ask ask)
        {
            Platform.ListsAfterMs = ask.Whole("ms", 0);
            return new JsonObject();
        }

        private static JsonObject Look(Ask ask)
        {
            JsonObject look = null;
            Platform.DoNow(delegate { look = Truth(); });
            return look;
        }

        private static JsonObject Truth()
        {
            List<string> positions = new List<string>();
            List<string> working = new List<string>();
            foreach (Account account in Account.All)
            {
                foreach (Position position in account.Positions)
                    positions.Add(new JsonObject().Add("account", account.Name).Add("instrument", position.Instrument.FullName)
                        .Add("quantity", position.MarketPosition == MarketPosition.Short ? -position.Quantity : position.Quantity)
                        .Add("averagePrice", position.AveragePrice).ToString());
                foreach (Order order in account.Orders)
                    if (order != null && Platform.IsOpen(order))
                        working.Add(Describe(order));
            }
            return new JsonObject().Raw("positions", JsonObject.List(positions)).Raw("working", JsonObject.List(working))
                .Add("submitted", Platform.Submitted).Add("escaped", Raise.Escaped + unhandled).Add("longestHandlerMs", Raise.LongestMs)
                .Add("logs", Platform.Logs).Add("threads", Bridge.Threads)
                .Raw("queues", new JsonObject().Add("executions", Waiting(true)).Add("market", Waiting(false)).ToString());
        }

        private static string Describe(Order order)
        {
            JsonObject json = new JsonObject().Add("orderId", order.OrderId).Add("account", order.Account.Name)
                .Add("instrument", order.Instrument.FullName).Add("side", Words.Side(Words.Buys(order.OrderAction)))
                .Add("type", Words.Type(order.OrderType)).Add("quantity", order.Quantity).Add("filled", order.Filled)
                .Add("state", Words.State(order.OrderState)).AddKnown("oco", order.Oco).Add("name", order.Name);
            if (order.LimitPrice != 0)
                json.Add("limitPrice", order.LimitPrice);
            if (order.StopPrice != 0)
                json.Add("stopPrice", order.StopPrice);
            return json.ToString();
        }

        private static int Waiting(bool executions)
        {
            Bridge bridge = addOn == null ? null : (Bridge)typeof(CoPilotBridge)
                .GetField("bridge", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance).GetValue(addOn);
            return bridge == null ? 0 : executions ? bridge.WaitingExecutions : bridge.WaitingMarket;
        }
    }
}
