using System;
using System.Globalization;

namespace NinjaTrader.Cbi
{
    public enum LogLevel
    {
        Information,
        Warning,
        Error,
        Alert,
    }

    public sealed class Instrument
    {
        public string FullName { get; set; }
        public MasterInstrument MasterInstrument { get; set; }
    }

    public sealed class MasterInstrument
    {
        public double TickSize { get; set; }

        public string FormatPrice(double price, bool round = true)
        {
            double shown = round ? Math.Round(price / TickSize) * TickSize : price;
            return shown.ToString("0.00", CultureInfo.InvariantCulture);
        }
    }
}
