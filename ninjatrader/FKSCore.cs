// FKSCore draws on the price panel what the co-pilot's cards are judged by: the adaptive trend, the wave ratio, the FKS
// quality, support and resistance, EMA 9, Bollinger bands, bars colored by volume and the heat of the market.
// The co-pilot reads 5-minute bars; on a 5-minute chart with the same trading hours both print the same numbers.
#region Using declarations
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Windows.Media;
using System.Xml.Serialization;
using NinjaTrader.Cbi;
using NinjaTrader.Gui;
using NinjaTrader.Gui.Tools;
using NinjaTrader.NinjaScript.DrawingTools;
using NinjaTrader.NinjaScript.Indicators.CoPilot;
#endregion

namespace NinjaTrader.NinjaScript.Indicators
{
    public class FKSCore : Indicator
    {
        private const int EmaPlot = 0, UpperPlot = 1, MiddlePlot = 2, LowerPlot = 3;
        private const int TrendPlot = 4, SupportPlot = 5, ResistancePlot = 6;
        private const int ArrowsKept = 200;
        private const double HeatWide = 0.75, HeatExcluded = 0.88;

        private static readonly Brush BoxArea = Frozen(190, 18, 22, 28);
        private static readonly Brush QuietUp = Frozen(110, 50, 205, 50);
        private static readonly Brush QuietDown = Frozen(110, 220, 20, 60);

        private FksFold fold;
        private Series<double> waveRatio, ao, longQuality, shortQuality, heat;
        private SimpleFont font;
        private Queue<string> arrows;
        private int lastCall;
        private DateTime lastArrowAt;
        private DateTime boxDrawnAt;
        private string boxDrawn;
        private DateTime startedOverAt;
        private DateTime complainedAt;

        protected override void OnStateChange()
        {
            try
            {
                if (State == State.SetDefaults) Describe();
                else if (State == State.DataLoaded) Load();
            }
            catch (Exception exception)
            {
                Complain(exception);
            }
        }

        private void Describe()
        {
            Name = "FKSCore";
            Description = "Adaptive trend, waves, FKS quality, levels, volume and heat, as the co-pilot computes them.";
            // A trade at the same price moves nothing here but the volume color, and that is set right when the bar is
            // over. OnBarClose is as exact and lighter still, a bar later to the eye. Arrows wait for the close anyway.
            Calculate = Calculate.OnPriceChange;
            IsOverlay = true;
            DisplayInDataBox = true;
            PaintPriceMarkers = false;
            IsSuspendedWhileInactive = true;
            MinimumQuality = 70;
            ArrowMinutes = 5;
            ShowArrows = true;
            ColorBars = true;
            HeatOutline = true;
            ShowBox = true;
            AddPlot(new Stroke(Brushes.DodgerBlue, 2), PlotStyle.Line, "EMA 9");
            AddPlot(new Stroke(Brushes.Red, 1), PlotStyle.Line, "Upper band");
            AddPlot(new Stroke(Brushes.Magenta, 1), PlotStyle.Line, "Middle band");
            AddPlot(new Stroke(Brushes.Green, 1), PlotStyle.Line, "Lower band");
            AddPlot(new Stroke(Brushes.Gray, 3), PlotStyle.Line, "Adaptive trend");
            AddPlot(new Stroke(Brushes.SeaGreen, 2), PlotStyle.Hash, "Support");
            AddPlot(new Stroke(Brushes.IndianRed, 2), PlotStyle.Hash, "Resistance");
        }

        private void Load()
        {
            font = new SimpleFont("Consolas", 12);
            waveRatio = new Series<double>(this, MaximumBarsLookBack.Infinite);
            ao = new Series<double>(this, MaximumBarsLookBack.Infinite);
            longQuality = new Series<double>(this, MaximumBarsLookBack.Infinite);
            shortQuality = new Series<double>(this, MaximumBarsLookBack.Infinite);
            heat = new Series<double>(this, MaximumBarsLookBack.Infinite);
            StartOver();
        }

        private void StartOver()
        {
            fold = new FksFold();
            arrows = new Queue<string>();
            lastCall = 0;
            lastArrowAt = DateTime.MinValue;
            boxDrawn = null;
            boxDrawnAt = DateTime.MinValue;
        }

        protected override void OnBarUpdate()
        {
            try
            {
                if (BarsInProgress == 0 && fold != null && Bars != null && CurrentBar >= 0) Follow();
            }
            catch (Exception exception)
            {
                Complain(exception);
            }
        }

        // Bars that can no longer change are kept, each once, however often and with whatever gaps we are called. The
        // forming bar is stepped on a copy and forgotten.
        private void Follow()
        {
            int closed = Calculate == Calculate.OnBarClose ? CurrentBar + 1 : CurrentBar;
            if (!StillTrue(closed) && !TryStartOver()) return;
            while (fold.Kept.Bars < closed)
            {
                int index = fold.Kept.Bars;
                fold.Keep(BarAt(index), Bars.IsFirstBarOfSessionByIndex(index));
                Paint(fold.Kept, CurrentBar - index);
                MarkArrow(fold.Kept, CurrentBar - index);
            }
            FksState newest = fold.Kept;
            if (closed == CurrentBar)
            {
                newest = fold.Preview(BarAt(CurrentBar), Bars.IsFirstBarOfSessionByIndex(CurrentBar));
                Paint(newest, 0);
            }
            if (ShowBox) DrawBox(newest);
        }

        // Some bar types take their last bar back, and a provider may correct one: what was kept is true no longer.
        private bool StillTrue(int closed)
        {
            int kept = fold.Kept.Bars;
            return kept == 0 || (kept <= closed && fold.Kept.Last.Equals(BarAt(kept - 1)));
        }

        // Every bar is computed anew: at most once a second, so that no stream of corrections can hold the platform up.
        private bool TryStartOver()
        {
            DateTime now = DateTime.UtcNow;
            double since = (now - startedOverAt).TotalMilliseconds;
            if (since >= 0 && since < 1000) return false;
            startedOverAt = now;
            RemoveDrawObjects();
            StartOver();
            return true;
        }

        private FksBar BarAt(int index)
        {
            return new FksBar(
                Bars.GetTime(index), Bars.GetOpen(index), Bars.GetHigh(index), Bars.GetLow(index), Bars.GetClose(index),
                Bars.GetVolume(index));
        }

        private void Paint(FksState now, int barsAgo)
        {
            Put(Values[EmaPlot], barsAgo, now.Ema);
            Put(Values[UpperPlot], barsAgo, now.Upper);
            Put(Values[MiddlePlot], barsAgo, now.Middle);
            Put(Values[LowerPlot], barsAgo, now.Lower);
            Put(Values[TrendPlot], barsAgo, now.Waves.Trend.Value);
            Put(Values[SupportPlot], barsAgo, now.Supports.Nearest);
            Put(Values[ResistancePlot], barsAgo, now.Resistances.Nearest);
            Put(waveRatio, barsAgo, now.Waves.Ratio);
            Put(ao, barsAgo, now.Ao);
            Put(longQuality, barsAgo, now.LongQuality);
            Put(shortQuality, barsAgo, now.ShortQuality);
            Put(heat, barsAgo, now.Heat);
            PlotBrushes[TrendPlot][barsAgo] = SideBrush(now.Waves.Side);
            if (ColorBars) BarBrushes[barsAgo] = VolumeBrush(now);
            if (HeatOutline) CandleOutlineBrushes[barsAgo] = HeatBrush(now.Heat);
        }

        private static void Put(Series<double> series, int barsAgo, double value)
        {
            if (double.IsNaN(value)) series.Reset(barsAgo);
            else series[barsAgo] = value;
        }

        private static Brush SideBrush(int side)
        {
            return side > 0 ? Brushes.LimeGreen : side < 0 ? Brushes.OrangeRed : Brushes.Gray;
        }

        // Orange: more than 1.8 times the 20-bar average. Pale: below the average. Up and down against the prior close.
        private static Brush VolumeBrush(FksState now)
        {
            if (now.Spike) return Brushes.Orange;
            bool quiet = now.VolumeRatio < 1;
            if (now.Move > 0) return quiet ? QuietUp : Brushes.LimeGreen;
            if (now.Move < 0) return quiet ? QuietDown : Brushes.Crimson;
            return Brushes.Gray;
        }

        // The heat is the volatility percentile: red is a market the plan leaves out, gold one whose stops stand wider.
        private static Brush HeatBrush(double heat)
        {
            return heat > HeatExcluded ? Brushes.Red : heat > HeatWide ? Brushes.Gold : null;
        }

        // An arrow marks the close on which a side comes to the minimum quality, on its side of the trend.
        private void MarkArrow(FksState closed, int barsAgo)
        {
            int call = CallOf(closed);
            bool called = call != 0 && call != lastCall;
            lastCall = call;
            DateTime at = closed.Last.Time;
            if (!called || !ShowArrows || (at - lastArrowAt).TotalMinutes < ArrowMinutes) return;
            lastArrowAt = at;
            DrawArrow(closed, call, barsAgo);
        }

        private int CallOf(FksState closed)
        {
            if (closed.Waves.Side > 0 && Percent(closed.LongQuality) >= MinimumQuality) return 1;
            if (closed.Waves.Side < 0 && Percent(closed.ShortQuality) >= MinimumQuality) return -1;
            return 0;
        }

        private void DrawArrow(FksState closed, int call, int barsAgo)
        {
            string tag = "FKS " + (closed.Bars - 1).ToString(CultureInfo.InvariantCulture);
            double ratio = call > 0 ? closed.Waves.Ratio : 1 / closed.Waves.Ratio;
            string text = Whole(Percent(call > 0 ? closed.LongQuality : closed.ShortQuality)) + "% " + Two(ratio);
            if (call > 0) Draw.ArrowUp(this, tag, true, barsAgo, closed.Last.Low - 0.4 * closed.Atr, SideBrush(call));
            else Draw.ArrowDown(this, tag, true, barsAgo, closed.Last.High + 0.4 * closed.Atr, SideBrush(call));
            double edge = call > 0 ? closed.Last.Low - 1.1 * closed.Atr : closed.Last.High + 1.1 * closed.Atr;
            Draw.Text(this, tag + " text", text, barsAgo, edge, SideBrush(call));
            arrows.Enqueue(tag);
            if (arrows.Count <= ArrowsKept) return;
            string oldest = arrows.Dequeue();
            RemoveDrawObject(oldest);
            RemoveDrawObject(oldest + " text");
        }

        // History needs one box, not one per bar; a fast market needs four a second.
        private void DrawBox(FksState now)
        {
            if (State == State.Historical && CurrentBar < Bars.Count - 2) return;
            DateTime at = DateTime.UtcNow;
            double since = (at - boxDrawnAt).TotalMilliseconds;
            if (State != State.Historical && since >= 0 && since < 250) return;
            boxDrawnAt = at;
            string text = BoxText(now);
            if (text == boxDrawn) return;
            boxDrawn = text;
            Draw.TextFixed(
                this, "FKS box", text, TextPosition.TopRight, Brushes.Gainsboro, font, Brushes.DimGray, BoxArea, 100);
        }

        private string BoxText(FksState now)
        {
            var waves = now.Waves;
            return string.Join("\n", new[]
            {
                "FKS " + (Instrument == null ? "" : Instrument.FullName),
                "Trend    " + Word(waves.Side, "up   ", "down ") + Price(waves.Trend.Value),
                "Waves    " + Two(waves.Ratio) + "  dominance " + Two(waves.Dominance)
                    + "  now " + Two(waves.CurrentRatio),
                "AO       " + Two(now.Ao) + Word(now.Ao - now.AoBefore, " rising", " falling"),
                "Quality  long " + Whole(Percent(now.LongQuality)) + "  short " + Whole(Percent(now.ShortQuality)),
                "Heat     " + Two(now.Heat)
                    + (now.Heat > HeatExcluded ? "  leave out" : now.Heat > HeatWide ? "  wider stop" : ""),
                "Volume   " + Two(now.VolumeRatio) + "x" + (now.Spike ? "  spike" : ""),
                "Levels   " + Price(now.Supports.Nearest) + " / " + Price(now.Resistances.Nearest),
            });
        }

        private static string Word(double value, string positive, string negative)
        {
            return value > 0 ? positive : value < 0 ? negative : "";
        }

        private string Price(double price)
        {
            if (double.IsNaN(price)) return "-";
            return Instrument == null ? Two(price) : Instrument.MasterInstrument.FormatPrice(price);
        }

        private static double Percent(double quality)
        {
            return Math.Round(100 * quality);
        }

        private static string Whole(double value)
        {
            return double.IsNaN(value) ? "-" : value.ToString("0", CultureInfo.InvariantCulture);
        }

        private static string Two(double value)
        {
            if (double.IsNaN(value) || double.IsInfinity(value)) return "-";
            return value.ToString("0.00", CultureInfo.InvariantCulture);
        }

        private static Brush Frozen(byte alpha, byte red, byte green, byte blue)
        {
            SolidColorBrush brush = new SolidColorBrush(Color.FromArgb(alpha, red, green, blue));
            brush.Freeze();
            return brush;
        }

        // Nothing may leave a handler, and a fault on every tick may not flood the log.
        private void Complain(Exception exception)
        {
            DateTime now = DateTime.UtcNow;
            if ((now - complainedAt).TotalSeconds < 15) return;
            complainedAt = now;
            Log("FKSCore: " + exception.Message, LogLevel.Warning);
        }

        #region Properties
        [NinjaScriptProperty]
        [Range(0, 100)]
        [Display(Name = "Minimum quality (%)", Order = 1, GroupName = "Arrows")]
        public int MinimumQuality { get; set; }

        [NinjaScriptProperty]
        [Range(0, 1440)]
        [Display(Name = "Minutes between arrows", Order = 2, GroupName = "Arrows")]
        public int ArrowMinutes { get; set; }

        [Display(Name = "Show arrows", Order = 3, GroupName = "Arrows")]
        public bool ShowArrows { get; set; }

        [Display(Name = "Color bars by volume", Order = 1, GroupName = "Look")]
        public bool ColorBars { get; set; }

        [Display(Name = "Outline bars by heat", Order = 2, GroupName = "Look")]
        public bool HeatOutline { get; set; }

        [Display(Name = "Show the box", Order = 3, GroupName = "Look")]
        public bool ShowBox { get; set; }

        /// <summary>Bull wave average over bear wave average, 0.1 to 9.99.</summary>
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> WaveRatio { get { return waveRatio; } }

        /// <summary>Awesome oscillator, in points.</summary>
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> Ao { get { return ao; } }

        /// <summary>FKS quality of the long side, 0 to 1.</summary>
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> LongQuality { get { return longQuality; } }

        /// <summary>FKS quality of the short side, 0 to 1.</summary>
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> ShortQuality { get { return shortQuality; } }

        /// <summary>Rank of ATR(14) among those of the last five sessions, 0 to 1.</summary>
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> Heat { get { return heat; } }
        #endregion
    }
}

// The numbers, apart from the chart. Each sums and rounds in the order the co-pilot does, so both sides agree to the
// last digit. Nothing is allocated per bar. NaN until warm.
namespace NinjaTrader.NinjaScript.Indicators.CoPilot
{
    internal struct FksBar : IEquatable<FksBar>
    {
        public readonly DateTime Time;
        public readonly double Open, High, Low, Close, Volume;

        public FksBar(DateTime time, double open, double high, double low, double close, double volume)
        {
            Time = time;
            Open = open;
            High = high;
            Low = low;
            Close = close;
            Volume = volume;
        }

        public bool Equals(FksBar other)
        {
            return Time == other.Time && Open == other.Open && High == other.High && Low == other.Low
                && Close == other.Close && Volume == other.Volume;
        }
    }

    /// <summary>The bars that are over, and a look at the forming one that leaves no trace.</summary>
    internal sealed class FksFold
    {
        public readonly FksState Kept = new FksState();
        private readonly FksState seen = new FksState();
        private readonly RangeHistory ranges = new RangeHistory();

        private int session;

        public void Keep(FksBar bar, bool startsSession)
        {
            if (startsSession) session++;
            Kept.Step(bar);
            Kept.Heat = ranges.RankOf(Kept.Atr, session);
            ranges.Add(Kept.Atr, session);
        }

        public FksState Preview(FksBar bar, bool startsSession)
        {
            seen.CopyFrom(Kept);
            seen.Step(bar);
            seen.Heat = ranges.RankOf(seen.Atr, startsSession ? session + 1 : session);
            return seen;
        }
    }

    /// <summary>Everything the bars so far leave behind, and what they say.</summary>
    internal sealed class FksState
    {
        private const int BandLength = 20, AoFast = 5, AoSlow = 34;
        private const double SpikeRatio = 1.8;

        private readonly Window middles = new Window(AoSlow);
        private readonly Window closes = new Window(BandLength);
        private readonly Window highs = new Window(BandLength);
        private readonly Window lows = new Window(BandLength);
        private readonly Window volumes = new Window(BandLength);
        private Smoothed ema = Smoothed.Ema(9);
        private Smoothed range = Smoothed.Rma(14);

        public readonly Waves Waves = new Waves();
        public readonly Levels Supports = new Levels(1);
        public readonly Levels Resistances = new Levels(-1);
        public FksBar Last;
        public int Bars;
        public double Ema, Upper, Middle, Lower, Ao = double.NaN, AoBefore = double.NaN, Atr = double.NaN;
        public double LongQuality, ShortQuality, VolumeRatio, Move, Heat;
        public bool Spike;

        public void Step(FksBar bar)
        {
            double before = Bars == 0 ? double.NaN : Last.Close;
            Move = bar.Close - before;
            Last = bar;
            Bars++;
            Waves.Step(bar.Open, bar.Close);
            Supports.Step(bar.Low, bar.Close);
            Resistances.Step(bar.High, bar.Close);
            Ema = ema.Step(bar.Close);
            Atr = range.Step(TrueRange(bar, before));
            StepBands(bar);
            middles.Push((bar.High + bar.Low) / 2);
            AoBefore = Ao;
            Ao = middles.IsFull ? middles.Mean(AoFast) - middles.Mean(AoSlow) : double.NaN;
            volumes.Push(bar.Volume);
            double usual = volumes.IsFull ? volumes.Mean(BandLength) : double.NaN;
            VolumeRatio = bar.Volume / usual;
            Spike = bar.Volume > SpikeRatio * usual;
            LongQuality = Quality(1, Waves.Ratio);
            ShortQuality = Quality(-1, 1 / Waves.Ratio);
        }

        // Wilder 1978; the first bar has only its own reach.
        private static double TrueRange(FksBar bar, double before)
        {
            double reach = bar.High - bar.Low;
            if (double.IsNaN(before)) return reach;
            return Math.Max(reach, Math.Max(Math.Abs(bar.High - before), Math.Abs(bar.Low - before)));
        }

        // Bollinger: SMA(20), two population standard deviations either side.
        private void StepBands(FksBar bar)
        {
            closes.Push(bar.Close);
            highs.Push(bar.High);
            lows.Push(bar.Low);
            double width = 2 * closes.Deviation();
            Middle = closes.IsFull ? closes.Mean(BandLength) : double.NaN;
            Upper = Middle + width;
            Lower = Middle - width;
        }

        // 0.4 for waves beyond 1.5, 0.3 for AO on the side and moving with it, 0.3 for a close on the side of the
        // middle of the 20-bar high-low band.
        private double Quality(int sign, double ratio)
        {
            if (double.IsNaN(ratio) || double.IsNaN(AoBefore)) return double.NaN;
            double quality = ratio > 1.5 ? 0.4 : 0;
            if (sign * Ao > 0 && sign * (Ao - AoBefore) > 0) quality += 0.3;
            if (sign * (Last.Close - (lows.Lowest() + highs.Highest()) / 2) > 0) quality += 0.3;
            return quality;
        }

        public void CopyFrom(FksState other)
        {
            middles.CopyFrom(other.middles);
            closes.CopyFrom(other.closes);
            highs.CopyFrom(other.highs);
            lows.CopyFrom(other.lows);
            volumes.CopyFrom(other.volumes);
            ema = other.ema;
            range = other.range;
            Waves.CopyFrom(other.Waves);
            Supports.CopyFrom(other.Supports);
            Resistances.CopyFrom(other.Resistances);
            Last = other.Last;
            Bars = other.Bars;
            Ao = other.Ao;
        }
    }

    /// <summary>The waves on either side of the trend, after Zeiierman's Trend Speed Analyzer (TradingView).</summary>
    internal sealed class Waves
    {
        private const int WavesKept = 20, WavesNeeded = 3;
        private const double LowestRatio = 0.1, HighestRatio = 9.99;

        private readonly Window bull = new Window(WavesKept);
        private readonly Window bear = new Window(WavesKept);
        private Smoothed opens = Smoothed.Rma(10);
        private Smoothed closes = Smoothed.Rma(10);
        private double reach;

        public readonly AdaptiveTrend Trend = new AdaptiveTrend();
        /// <summary>1 above the trend, -1 below, 0 before the first wave.</summary>
        public int Side;
        public double Speed;

        public double BullAverage { get { return Average(bull); } }
        public double BearAverage { get { return Average(bear); } }
        public double Dominance { get { return BullAverage - BearAverage; } }
        public double Ratio { get { return Math.Min(HighestRatio, Math.Max(LowestRatio, BullAverage / BearAverage)); } }
        public double CurrentRatio { get { return Side * Speed / (Side == 1 ? BullAverage : BearAverage); } }

        public void Step(double open, double close)
        {
            double trend = Trend.Step(close);
            double opened = opens.Step(open);
            double impulse = closes.Step(close) - opened;
            if (double.IsNaN(impulse)) return;
            int side = close > trend ? 1 : close < trend ? -1 : Side;
            if (side == 0) return;
            if (side != Side) Turn(side, impulse);
            else Go(impulse);
        }

        // The finished wave is as large as the furthest its speed reached, and never less than nothing.
        private void Turn(int side, double impulse)
        {
            if (Side == 1) bull.Push(Math.Max(0, reach));
            if (Side == -1) bear.Push(Math.Max(0, -reach));
            Side = side;
            Speed = impulse;
            reach = impulse;
        }

        private void Go(double impulse)
        {
            Speed += impulse;
            reach = Side == 1 ? Math.Max(reach, Speed) : Math.Min(reach, Speed);
        }

        private static double Average(Window waves)
        {
            return waves.Count < WavesNeeded ? double.NaN : waves.Mean(waves.Count);
        }

        public void CopyFrom(Waves other)
        {
            bull.CopyFrom(other.bull);
            bear.CopyFrom(other.bear);
            opens = other.opens;
            closes = other.closes;
            reach = other.reach;
            Trend.CopyFrom(other.Trend);
            Side = other.Side;
            Speed = other.Speed;
        }
    }

    /// <summary>A line that hurries when price moves and rests when it chops.</summary>
    internal sealed class AdaptiveTrend
    {
        private const int Length = 20, Lookback = 200;
        private const double Hurry = 5;

        private readonly Window moves = new Window(Lookback);
        private double before;
        public double Value = double.NaN;

        public double Step(double close)
        {
            if (double.IsNaN(Value)) Value = close;
            else
            {
                double move = Math.Abs(close - before);
                moves.Push(move);
                double widest = moves.Highest();
                double weight = Math.Min(1, 2.0 / (Length + 1) * (1 + (widest == 0 ? 0 : Hurry * move / widest)));
                Value += weight * (close - Value);
            }
            before = close;
            return Value;
        }

        public void CopyFrom(AdaptiveTrend other)
        {
            moves.CopyFrom(other.moves);
            before = other.before;
            Value = other.Value;
        }
    }

    /// <summary>Swings that no close has gone beyond since: lows for side 1, highs for side -1.</summary>
    internal sealed class Levels
    {
        private const int Neighbors = 3, LevelsKept = 40;

        private readonly int side;
        private readonly Window edges = new Window(2 * Neighbors + 1);
        private readonly Window held = new Window(LevelsKept);

        public Levels(int side)
        {
            this.side = side;
        }

        /// <summary>The level nearest to price; NaN where none is left.</summary>
        public double Nearest
        {
            get { return held.Count == 0 ? double.NaN : side > 0 ? held.Highest() : held.Lowest(); }
        }

        public void Step(double edge, double close)
        {
            edges.Push(edge);
            if (edges.IsFull && IsSwing()) held.Push(edges[Neighbors]);
            held.Drop(close, side);
        }

        // Known three bars later: strictly beyond its three neighbors either side.
        private bool IsSwing()
        {
            for (int i = 0; i <= 2 * Neighbors; i++)
                if (i != Neighbors && side * (edges[i] - edges[Neighbors]) <= 0) return false;
            return true;
        }

        public void CopyFrom(Levels other)
        {
            edges.CopyFrom(other.edges);
            held.CopyFrom(other.held);
        }
    }

    /// <summary>Where the newest ATR ranks among those of the last five sessions.</summary>
    internal sealed class RangeHistory
    {
        private const int Sessions = 5, Needed = 200, Capacity = 7200;

        private readonly double[] values = new double[Capacity];
        private readonly int[] sessions = new int[Capacity];
        private int first, count;

        /// <summary>The share of the others below it, 0 to 1; NaN below 200 values.</summary>
        public double RankOf(double value, int session)
        {
            int others = 0, below = 0;
            for (int i = 0, at = first; i < count; i++, at = at + 1 == Capacity ? 0 : at + 1)
            {
                if (sessions[at] <= session - Sessions) continue;
                others++;
                if (values[at] < value) below++;
            }
            return double.IsNaN(value) || others + 1 < Needed ? double.NaN : (double)below / others;
        }

        public void Add(double value, int session)
        {
            if (double.IsNaN(value)) return;
            while (count > 0 && (count == Capacity || sessions[first] <= session - Sessions))
            {
                first = (first + 1) % Capacity;
                count--;
            }
            int at = (first + count) % Capacity;
            values[at] = value;
            sessions[at] = session;
            count++;
        }
    }

    /// <summary>An exponential average seeded with the mean of its first inputs.</summary>
    internal struct Smoothed
    {
        private readonly int length;
        private readonly double weight;
        private int count;
        private double sum, average;

        private Smoothed(int length, double weight)
        {
            this.length = length;
            this.weight = weight;
            count = 0;
            sum = 0;
            average = double.NaN;
        }

        public static Smoothed Ema(int length)
        {
            return new Smoothed(length, 2.0 / (length + 1));
        }

        public static Smoothed Rma(int length)
        {
            return new Smoothed(length, 1.0 / length);
        }

        public double Step(double input)
        {
            if (count == length) average = weight * input + (1 - weight) * average;
            else
            {
                count++;
                sum += input;
                if (count == length) average = sum / length;
            }
            return average;
        }
    }

    /// <summary>The last values, oldest first.</summary>
    internal sealed class Window
    {
        private readonly double[] values;

        public Window(int length)
        {
            values = new double[length];
        }

        public int Count { get; private set; }
        public bool IsFull { get { return Count == values.Length; } }
        public double this[int index] { get { return values[index]; } }

        public void Push(double value)
        {
            if (IsFull) Array.Copy(values, 1, values, 0, --Count);
            values[Count++] = value;
        }

        /// <summary>The mean of the newest, summed anew so that no error builds up.</summary>
        public double Mean(int newest)
        {
            double sum = 0;
            for (int i = Count - newest; i < Count; i++) sum += values[i];
            return sum / newest;
        }

        /// <summary>Population standard deviation; NaN until full.</summary>
        public double Deviation()
        {
            if (!IsFull) return double.NaN;
            double mean = Mean(Count), squares = 0;
            for (int i = 0; i < Count; i++) squares += (values[i] - mean) * (values[i] - mean);
            return Math.Sqrt(squares / Count);
        }

        public double Highest()
        {
            double highest = values[0];
            for (int i = 1; i < Count; i++) if (values[i] > highest) highest = values[i];
            return highest;
        }

        public double Lowest()
        {
            double lowest = values[0];
            for (int i = 1; i < Count; i++) if (values[i] < lowest) lowest = values[i];
            return lowest;
        }

        /// <summary>Drops the values that a close lies beyond: above it for side 1, below it for side -1.</summary>
        public void Drop(double close, int side)
        {
            int left = 0;
            for (int i = 0; i < Count; i++) if (side * (close - values[i]) >= 0) values[left++] = values[i];
            Count = left;
        }

        public void CopyFrom(Window other)
        {
            Count = other.Count;
            Array.Copy(other.values, values, Count);
        }
    }
}
