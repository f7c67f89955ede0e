using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using NinjaTrader.Cbi;

namespace NinjaTrader.Stub
{
    /// <summary>The instruments the scripted platform knows, under both ways NinjaTrader writes them.</summary>
    internal static class Instruments
    {
        private static readonly string[] months = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };
        private static readonly Dictionary<string, Instrument> known = new Dictionary<string, Instrument>();

        private static readonly Dictionary<string, double[]> tickAndPoint = new Dictionary<string, double[]>
        {
            { "MGC", new[] { 0.1, 10 } },
            { "SIL", new[] { 0.005, 1000 } },
            { "MCL", new[] { 0.01, 100 } },
            { "MHG", new[] { 0.0005, 2500 } },
            { "MES", new[] { 0.25, 5 } },
            { "MNQ", new[] { 0.25, 2 } },
            { "6E", new[] { 0.00005, 125000 } }
        };

        internal static Instrument Find(string name)
        {
            Match match = Regex.Match(name ?? "", "^(\\w+) (?:(\\d\\d)-(\\d\\d)|([A-Z]{3})(\\d\\d))$");
            if (!match.Success || !tickAndPoint.ContainsKey(match.Groups[1].Value))
                return null;
            string month = match.Groups[2].Success ? match.Groups[2].Value : Month(match.Groups[4].Value);
            string year = match.Groups[2].Success ? match.Groups[3].Value : match.Groups[5].Value;
            string full = match.Groups[1].Value + " " + month + "-" + year;
            lock (known)
            {
                Instrument instrument;
                if (!known.TryGetValue(full, out instrument))
                    known[full] = instrument = Make(match.Groups[1].Value, full);
                return instrument;
            }
        }

        private static string Month(string name)
        {
            return (Array.IndexOf(months, name) + 1).ToString("00");
        }

        private static Instrument Make(string root, string full)
        {
            double[] spec = tickAndPoint[root];
            return new Instrument
            {
                FullName = full,
                MasterInstrument = new MasterInstrument { Name = root, TickSize = spec[0], PointValue = spec[1] }
            };
        }
    }
}
