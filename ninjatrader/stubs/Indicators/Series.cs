using System;
using System.Collections.Generic;
using System.Windows.Media;

namespace NinjaTrader.NinjaScript
{
    public enum MaximumBarsLookBack
    {
        TwoHundredFiftySix,
        Infinite,
    }

    /// <summary>One value per bar, read and written by how many bars ago; as strict about its bounds as the platform.</summary>
    public sealed class Series<T>
    {
        private readonly NinjaScriptBase owner;
        private readonly List<T> values = new List<T>();
        private readonly List<bool> valid = new List<bool>();

        public Series(NinjaScriptBase owner, MaximumBarsLookBack lookBack)
        {
            this.owner = owner;
        }

        public T this[int barsAgo]
        {
            get { return values[IndexOf(barsAgo)]; }
            set
            {
                values[IndexOf(barsAgo)] = value;
                valid[IndexOf(barsAgo)] = true;
            }
        }

        public bool IsValidDataPoint(int barsAgo)
        {
            return valid[IndexOf(barsAgo)];
        }

        public void Reset(int barsAgo)
        {
            values[IndexOf(barsAgo)] = default(T);
            valid[IndexOf(barsAgo)] = false;
        }

        private int IndexOf(int barsAgo)
        {
            int index = owner.CurrentBar - barsAgo;
            if (barsAgo < 0 || index < 0) throw new ArgumentOutOfRangeException("barsAgo", barsAgo + " bars ago on bar " + owner.CurrentBar);
            while (values.Count <= index)
            {
                values.Add(default(T));
                valid.Add(false);
            }
            return index;
        }
    }

    /// <summary>A brush per bar, null where the chart's own holds. An unfrozen brush would fail on the platform's other threads.</summary>
    public sealed class BrushSeries
    {
        private readonly Series<Brush> brushes;

        public BrushSeries(NinjaScriptBase owner)
        {
            brushes = new Series<Brush>(owner, MaximumBarsLookBack.Infinite);
        }

        public Brush this[int barsAgo]
        {
            get { return brushes[barsAgo]; }
            set
            {
                if (value != null && !value.IsFrozen) throw new InvalidOperationException("a brush must be frozen");
                brushes[barsAgo] = value;
            }
        }
    }
}
