using System;

// The words of NinjaTrader's own interface, as far as the AddOn uses them.
namespace NinjaTrader.Cbi
{
    public enum MarketPosition { Long, Short, Flat }
    public enum OrderAction { Buy, BuyToCover, Sell, SellShort }
    public enum OrderType { Limit, Market, MIT, StopMarket, StopLimit }
    public enum OrderEntry { Automated, Manual }
    public enum TimeInForce { Day, Gtc, Gtd, Ioc, Opg }
    public enum Operation { Add, Remove, Update }
    public enum Currency { UsDollar, Euro, Unknown }
    public enum ConnectionStatus { Connected, Connecting, ConnectionLost, Disconnecting, Disconnected }
    public enum Provider { Simulator, Playback, Provider1, Unknown }
    public enum PerformanceUnit { Currency, Percent, Pips, Points, Ticks }
    public enum ErrorCode { NoError, OrderRejected, UnableToCancelOrder, UnableToChangeOrder }
    public enum LogLevel { Information, Warning, Error, Alert }
    public enum AccountItem { CashValue, GrossRealizedProfitLoss, NetLiquidation, RealizedProfitLoss, UnrealizedProfitLoss }

    public enum OrderState
    {
        Accepted, AcceptedByRisk, Cancelled, CancelPending, CancelSubmitted, ChangePending, ChangeSubmitted, Filled, Initialized,
        PartFilled, Rejected, Submitted, Suspended, TriggerPending, Unknown, Working
    }

    public class CustomOrder
    {
    }

    public class ConnectOptions
    {
        public string Name { get; set; }
        public Provider Provider { get; set; }
    }

    public class OrderEventArgs : EventArgs
    {
        public Order Order { get; internal set; }
        public string OrderId { get; internal set; }
        public OrderState OrderState { get; internal set; }
        public int Quantity { get; internal set; }
        public int Filled { get; internal set; }
        public double AverageFillPrice { get; internal set; }
        public double LimitPrice { get; internal set; }
        public double StopPrice { get; internal set; }
        public DateTime Time { get; internal set; }
        public ErrorCode Error { get; internal set; }
        public string Comment { get; internal set; }
    }

    public class ExecutionEventArgs : EventArgs
    {
        public Execution Execution { get; internal set; }
        public Operation Operation { get; internal set; }
    }

    public class PositionEventArgs : EventArgs
    {
        public Position Position { get; internal set; }
        public MarketPosition MarketPosition { get; internal set; }
        public int Quantity { get; internal set; }
        public double AveragePrice { get; internal set; }
        public Operation Operation { get; internal set; }
    }

    public class AccountItemEventArgs : EventArgs
    {
        public Account Account { get; internal set; }
        public AccountItem AccountItem { get; internal set; }
        public Currency Currency { get; internal set; }
        public double Value { get; internal set; }
    }

    public class ConnectionStatusEventArgs : EventArgs
    {
        public Connection Connection { get; internal set; }
        public ConnectionStatus Status { get; internal set; }
        public ConnectionStatus PriceStatus { get; internal set; }
    }
}

namespace NinjaTrader.Data
{
    public enum MarketDataType { Ask, Bid, Last, DailyVolume }

    public class MarketDataEventArgs : EventArgs
    {
        public NinjaTrader.Cbi.Instrument Instrument { get; internal set; }
        public MarketDataType MarketDataType { get; internal set; }
        public double Price { get; internal set; }
        public DateTime Time { get; internal set; }
        public bool IsReset { get; internal set; }
    }

    public class MarketData
    {
        public MarketDataEventArgs Last { get; internal set; }

        public event EventHandler<MarketDataEventArgs> Update;

        internal EventHandler<MarketDataEventArgs> Listeners
        {
            get { return Update; }
        }
    }
}

namespace System.Windows.Threading
{
    public class Dispatcher
    {
        public bool HasShutdownStarted
        {
            get { return false; }
        }

        // Like the real one it does not wait. The order of the calls stays.
        public void InvokeAsync(Action callback)
        {
            NinjaTrader.Stub.Platform.Do(callback);
        }
    }
}
