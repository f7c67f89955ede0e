using System;
using System.Collections.Generic;

namespace NinjaTrader.Data
{
    /// <summary>The bars of a chart by index, the forming one last.</summary>
    public sealed class Bars
    {
        internal struct Row
        {
            public DateTime Time;
            public double Open, High, Low, Close;
            public long Volume;
            public bool StartsSession;
        }

        internal readonly List<Row> Rows = new List<Row>();

        public int Count { get { return Rows.Count; } }

        public DateTime GetTime(int index)
        {
            return Rows[index].Time;
        }

        public double GetOpen(int index)
        {
            return Rows[index].Open;
        }

        public double GetHigh(int index)
        {
            return Rows[index].High;
        }

        public double GetLow(int index)
        {
            return Rows[index].Low;
        }

        public double GetClose(int index)
        {
            return Rows[index].Close;
        }

        public long GetVolume(int index)
        {
            return Rows[index].Volume;
        }

        public bool IsFirstBarOfSessionByIndex(int index)
        {
            return index == 0 || Rows[index].StartsSession;
        }
    }
}
