using System;
using System.Linq;
using System.Windows.Media;
using NinjaTrader.Cbi;
using NinjaTrader.Data;
using NinjaTrader.Gui;

namespace NinjaTrader.NinjaScript
{
    public enum Calculate
    {
        OnBarClose,
        OnEachTick,
        OnPriceChange,
    }

    /// <summary>What a script sees of the platform. The other half of this class is what the platform sees of a script.</summary>
    public abstract partial class NinjaScriptBase
    {
        public string Name { get; set; }
        public string Description { get; set; }
        public Calculate Calculate { get; set; }
        public bool IsOverlay { get; set; }
        public bool DisplayInDataBox { get; set; }
        public bool PaintPriceMarkers { get; set; }
        public bool IsSuspendedWhileInactive { get; set; }

        public State State { get; private set; }
        public Instrument Instrument { get; private set; }
        public Bars Bars { get; private set; }
        public int BarsInProgress { get; private set; }
        public int CurrentBar { get; private set; }
        public Series<double>[] Values { get; private set; }
        public BrushSeries[] PlotBrushes { get; private set; }
        public BrushSeries BarBrushes { get; private set; }
        public BrushSeries CandleOutlineBrushes { get; private set; }

        protected virtual void OnStateChange()
        {
        }

        protected virtual void OnBarUpdate()
        {
        }

        protected void AddPlot(Stroke stroke, PlotStyle plotStyle, string name)
        {
            if (State != State.SetDefaults && State != State.Configure) throw new InvalidOperationException("plots are added in SetDefaults or Configure");
            PlotNames.Add(name);
            Values = Values.Concat(new[] { new Series<double>(this, MaximumBarsLookBack.Infinite) }).ToArray();
            PlotBrushes = PlotBrushes.Concat(new[] { new BrushSeries(this) }).ToArray();
        }

        protected void RemoveDrawObject(string tag)
        {
            Drawn.Remove(tag);
        }

        protected void RemoveDrawObjects()
        {
            Drawn.Clear();
        }

        protected void Log(string message, LogLevel level)
        {
            Logged.Add(level + " " + message);
        }
    }
}

namespace NinjaTrader.NinjaScript.Indicators
{
    public abstract class Indicator : NinjaScriptBase
    {
    }
}
