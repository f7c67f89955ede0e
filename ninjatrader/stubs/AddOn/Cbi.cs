using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Windows.Threading;
using NinjaTrader.Data;
using NinjaTrader.Stub;

// NinjaTrader's objects. What they do when they are called is in Platform.cs.
namespace NinjaTrader.Cbi
{
    public class MasterInstrument
    {
        public string Name { get; internal set; }
        public double TickSize { get; internal set; }
        public double PointValue { get; internal set; }

        public double RoundToTickSize(double price)
        {
            return Math.Round(price / TickSize, MidpointRounding.AwayFromZero) * TickSize;
        }
    }

    public class Instrument
    {
        internal Instrument()
        {
            Dispatcher = new Dispatcher();
            MarketData = new MarketData();
        }

        public string FullName { get; internal set; }
        public MasterInstrument MasterInstrument { get; internal set; }
        public MarketData MarketData { get; private set; }
        public Dispatcher Dispatcher { get; private set; }

        public static Instrument GetInstrument(string name)
        {
            return Instruments.Find(name);
        }
    }

    public class Connection
    {
        private static readonly Collection<Connection> connections = new Collection<Connection>();

        public static Collection<Connection> Connections { get { return connections; } }
        public static event EventHandler<ConnectionStatusEventArgs> ConnectionStatusUpdate;

        internal static EventHandler<ConnectionStatusEventArgs> Listeners
        {
            get { return ConnectionStatusUpdate; }
        }

        public ConnectOptions Options { get; internal set; }
        public ConnectionStatus Status { get; internal set; }
        public ConnectionStatus PriceStatus { get; internal set; }
    }

    public class Position
    {
        public Account Account { get; internal set; }
        public Instrument Instrument { get; internal set; }
        public MarketPosition MarketPosition { get; internal set; }
        public int Quantity { get; internal set; }
        public double AveragePrice { get; internal set; }

        public double GetUnrealizedProfitLoss(PerformanceUnit unit)
        {
            MarketDataEventArgs last = Instrument.MarketData.Last;
            int signed = MarketPosition == MarketPosition.Short ? -Quantity : Quantity;
            return last == null ? 0 : (last.Price - AveragePrice) * signed * Instrument.MasterInstrument.PointValue;
        }
    }

    public class Order
    {
        public Account Account { get; internal set; }
        public Instrument Instrument { get; internal set; }
        public OrderAction OrderAction { get; internal set; }
        public OrderType OrderType { get; internal set; }
        public OrderState OrderState { get; internal set; }
        public OrderEntry OrderEntry { get; internal set; }
        public TimeInForce TimeInForce { get; internal set; }
        public string OrderId { get; internal set; }
        public string Name { get; internal set; }
        public string Oco { get; internal set; }
        public int Quantity { get; internal set; }
        public int Filled { get; internal set; }
        public double AverageFillPrice { get; internal set; }
        public double LimitPrice { get; internal set; }
        public double StopPrice { get; internal set; }
        public bool IsSimulatedStop { get; internal set; }
        public int QuantityChanged { get; set; }
        public double LimitPriceChanged { get; set; }
        public double StopPriceChanged { get; set; }

        // The unknown one too, as NinjaTrader documents it.
        public static bool IsTerminalState(OrderState state)
        {
            return state == OrderState.Filled || state == OrderState.Cancelled || state == OrderState.Rejected || state == OrderState.Unknown;
        }
    }

    public class Execution
    {
        public Account Account { get; internal set; }
        public Instrument Instrument { get; internal set; }
        public Order Order { get; internal set; }
        public string ExecutionId { get; internal set; }
        public string OrderId { get; internal set; }
        public string Name { get; internal set; }
        public MarketPosition MarketPosition { get; internal set; }
        public int Quantity { get; internal set; }
        public double Price { get; internal set; }
        public double Commission { get; internal set; }
        public double Fee { get; internal set; }
        public bool IsSod { get; internal set; }
        public DateTime Time { get; internal set; }
    }

    public class Account
    {
        private static readonly Collection<Account> all = new Collection<Account>();
        internal readonly Dictionary<AccountItem, double> Items = new Dictionary<AccountItem, double>();

        internal Account()
        {
            Positions = new Collection<Position>();
            Orders = new Collection<Order>();
            Executions = new Collection<Execution>();
        }

        public static Collection<Account> All { get { return all; } }

        public string Name { get; internal set; }
        public Provider Provider { get; internal set; }
        public Currency Denomination { get; internal set; }
        public Connection Connection { get; internal set; }
        public Collection<Position> Positions { get; internal set; }
        public Collection<Order> Orders { get; internal set; }
        public Collection<Execution> Executions { get; internal set; }

        public ConnectionStatus ConnectionStatus
        {
            get { return Connection == null ? ConnectionStatus.Disconnected : Connection.Status; }
        }

        public event EventHandler<OrderEventArgs> OrderUpdate;
        public event EventHandler<ExecutionEventArgs> ExecutionUpdate;
        public event EventHandler<PositionEventArgs> PositionUpdate;
        public event EventHandler<AccountItemEventArgs> AccountItemUpdate;

        internal EventHandler<OrderEventArgs> OrderListeners { get { return OrderUpdate; } }
        internal EventHandler<ExecutionEventArgs> ExecutionListeners { get { return ExecutionUpdate; } }
        internal EventHandler<PositionEventArgs> PositionListeners { get { return PositionUpdate; } }
        internal EventHandler<AccountItemEventArgs> ItemListeners { get { return AccountItemUpdate; } }

        public double Get(AccountItem item, Currency currency)
        {
            double value;
            lock (Items)
                return Items.TryGetValue(item, out value) ? value : 0;
        }

        public Order CreateOrder(Instrument instrument, OrderAction action, OrderType type, OrderEntry entry, TimeInForce timeInForce,
            int quantity, double limitPrice, double stopPrice, string oco, string name, DateTime gtd, CustomOrder customOrder)
        {
            if (name.Length > 50)
                throw new ArgumentException("an order's name has at most 50 characters");
            return new Order
            {
                Account = this,
                Instrument = instrument,
                OrderAction = action,
                OrderType = type,
                OrderEntry = entry,
                TimeInForce = timeInForce,
                Quantity = quantity,
                LimitPrice = limitPrice,
                StopPrice = stopPrice,
                Oco = oco,
                Name = name,
                OrderId = "",
                OrderState = OrderState.Initialized
            };
        }

        public void Submit(IEnumerable<Order> orders)
        {
            Platform.Submit(this, new List<Order>(orders));
        }

        public void Cancel(IEnumerable<Order> orders)
        {
            Platform.Cancel(new List<Order>(orders));
        }

        public void Change(IEnumerable<Order> orders)
        {
            Platform.Change(new List<Order>(orders));
        }
    }
}
