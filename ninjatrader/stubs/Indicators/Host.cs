using System.Collections.Generic;
using NinjaTrader.Cbi;
using NinjaTrader.Data;

namespace NinjaTrader.NinjaScript
{
    /// <summary>The platform's hold on a script: its states, its bars, its calls.</summary>
    public abstract partial class NinjaScriptBase
    {
        internal readonly List<string> PlotNames = new List<string>();
        internal readonly List<string> Logged = new List<string>();
        internal readonly Dictionary<string, string> Drawn = new Dictionary<string, string>();

        internal void Start(Instrument instrument)
        {
            CurrentBar = -1;
            Values = new Series<double>[0];
            PlotBrushes = new BrushSeries[0];
            Enter(State.SetDefaults);
            Enter(State.Configure);
            Instrument = instrument;
            Bars = new Bars();
            BarBrushes = new BrushSeries(this);
            CandleOutlineBrushes = new BrushSeries(this);
            Enter(State.DataLoaded);
            Enter(State.Historical);
        }

        internal void Enter(State state)
        {
            State = state;
            OnStateChange();
        }

        /// <summary>Calls the script on a bar as it stands.</summary>
        internal void Call(int bar)
        {
            CurrentBar = bar;
            OnBarUpdate();
        }

        /// <summary>Moves the eye, not the script: series are then read from this bar.</summary>
        internal void LookFrom(int bar)
        {
            CurrentBar = bar;
        }

        /// <summary>Calls the script as at a session break, when the platform may have neither bars nor instrument.</summary>
        internal void CallWithoutBars()
        {
            Bars bars = Bars;
            Instrument instrument = Instrument;
            Bars = null;
            Instrument = null;
            OnBarUpdate();
            Bars = bars;
            Instrument = instrument;
        }
    }
}
