using System;
using System.Collections.Generic;
using NinjaTrader.Cbi;
using NinjaTrader.NinjaScript.AddOns.CoPilot;

namespace NinjaTrader.Driver
{
    /// <summary>One command of the test that drives the platform.</summary>
    internal sealed class Ask
    {
        private readonly Dictionary<string, object> members;

        internal Ask(string line)
        {
            members = (Dictionary<string, object>)JsonReader.Read(line);
        }

        internal string Text(string name)
        {
            object value;
            return members.TryGetValue(name, out value) ? value as string ?? "" : "";
        }

        internal double? Known(string name)
        {
            object value;
            members.TryGetValue(name, out value);
            JsonNumber number = value as JsonNumber;
            return number == null ? (double?)null : number.Value;
        }

        internal double Number(string name, double otherwise)
        {
            return Known(name) ?? otherwise;
        }

        internal int Whole(string name, int otherwise)
        {
            return (int)Number(name, otherwise);
        }

        internal string Flag(string name)
        {
            object value;
            return members.TryGetValue(name, out value) && value is bool && (bool)value ? "true" : "false";
        }

        internal List<string> Texts(string name)
        {
            List<string> texts = new List<string>();
            object value;
            List<object> items = members.TryGetValue(name, out value) ? value as List<object> : null;
            if (items != null)
                foreach (object item in items)
                    texts.Add(item as string ?? "");
            return texts;
        }

        internal Account Account()
        {
            foreach (Account account in NinjaTrader.Cbi.Account.All)
                if (account.Name == Text("account"))
                    return account;
            throw new ArgumentException("no such account: " + Text("account"));
        }

        internal Instrument Instrument()
        {
            Instrument instrument = NinjaTrader.Cbi.Instrument.GetInstrument(Text("instrument"));
            if (instrument == null)
                throw new ArgumentException("no such instrument: " + Text("instrument"));
            return instrument;
        }

        internal OrderType OrderType()
        {
            switch (Text("type"))
            {
                case "market": return NinjaTrader.Cbi.OrderType.Market;
                case "limit": return NinjaTrader.Cbi.OrderType.Limit;
                case "stop-market": return NinjaTrader.Cbi.OrderType.StopMarket;
                case "stop-limit": return NinjaTrader.Cbi.OrderType.StopLimit;
                case "mit": return NinjaTrader.Cbi.OrderType.MIT;
                default: throw new ArgumentException("no such type of order: " + Text("type"));
            }
        }

        internal Order Order(OrderType type, string name)
        {
            OrderAction action = Text("side") == "buy" ? OrderAction.Buy : OrderAction.Sell;
            return Account().CreateOrder(Instrument(), action, type, OrderEntry.Manual, TimeInForce.Day, Whole("quantity", 1),
                Number("limitPrice", 0), Number("stopPrice", 0), Text("oco"), name, NinjaTrader.Core.Globals.MaxDate, null);
        }

        /// <summary>The order of that id, of whatever account.</summary>
        internal Order Known()
        {
            foreach (Account account in NinjaTrader.Cbi.Account.All)
                foreach (Order order in account.Orders)
                    if (order != null && order.OrderId == Text("orderId"))
                        return order;
            throw new ArgumentException("no such order: " + Text("orderId"));
        }
    }
}
