// FKSVolume draws the volume of each bar: green on a close above the one before, red below it, orange on a spike of more
// than 1.8 times the 20-bar average. It stands alone; FKSCore colors price bars by the same rule.
#region Using declarations
using System;
using System.ComponentModel;
using System.Windows.Media;
using System.Xml.Serialization;
using NinjaTrader.Cbi;
using NinjaTrader.Gui;
#endregion

namespace NinjaTrader.NinjaScript.Indicators
{
    public class FKSVolume : Indicator
    {
        private const int AverageLength = 20;
        private const double SpikeRatio = 1.8;

        private int finished;
        private DateTime complainedAt;

        protected override void OnStateChange()
        {
            try
            {
                if (State == State.SetDefaults) Describe();
                else if (State == State.DataLoaded) finished = 0;
            }
            catch (Exception exception)
            {
                Complain(exception);
            }
        }

        private void Describe()
        {
            Name = "FKSVolume";
            Description = "Volume, up and down against the prior close, spikes in orange.";
            // Volume grows with every trade, also at an unchanged price; the work per trade is twenty additions.
            Calculate = Calculate.OnEachTick;
            IsOverlay = false;
            IsSuspendedWhileInactive = true;
            AddPlot(new Stroke(Brushes.Gray, 3), PlotStyle.Bar, "Volume");
            AddPlot(new Stroke(Brushes.Silver, 1), PlotStyle.Line, "Average 20");
        }

        protected override void OnBarUpdate()
        {
            try
            {
                if (BarsInProgress == 0 && Bars != null && CurrentBar >= 0) Follow();
            }
            catch (Exception exception)
            {
                Complain(exception);
            }
        }

        // Once more for bars that are over: the last trade of a bar may have come without a call.
        private void Follow()
        {
            for (int index = finished; index < CurrentBar; index++) Paint(index);
            Paint(CurrentBar);
            finished = CurrentBar;
        }

        private void Paint(int index)
        {
            int barsAgo = CurrentBar - index;
            double volume = Bars.GetVolume(index);
            double average = AverageAt(index);
            Values[0][barsAgo] = volume;
            if (double.IsNaN(average)) Values[1].Reset(barsAgo);
            else Values[1][barsAgo] = average;
            PlotBrushes[0][barsAgo] = volume > SpikeRatio * average ? Brushes.Orange : MoveBrush(index);
        }

        private double AverageAt(int index)
        {
            if (index + 1 < AverageLength) return double.NaN;
            double sum = 0;
            for (int i = index - AverageLength + 1; i <= index; i++) sum += Bars.GetVolume(i);
            return sum / AverageLength;
        }

        private Brush MoveBrush(int index)
        {
            double move = index == 0 ? 0 : Bars.GetClose(index) - Bars.GetClose(index - 1);
            return move > 0 ? Brushes.LimeGreen : move < 0 ? Brushes.Crimson : Brushes.Gray;
        }

        // Nothing may leave a handler, and a fault on every tick may not flood the log.
        private void Complain(Exception exception)
        {
            DateTime now = DateTime.UtcNow;
            if ((now - complainedAt).TotalSeconds < 15) return;
            complainedAt = now;
            Log("FKSVolume: " + exception.Message, LogLevel.Warning);
        }

        #region Properties
        [Browsable(false)]
        [XmlIgnore]
        public Series<double> Average { get { return Values[1]; } }
        #endregion
    }
}
