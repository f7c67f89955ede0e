using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;
using NinjaTrader.NinjaScript;
using NinjaTrader.NinjaScript.Indicators;
using NinjaTrader.NinjaScript.Indicators.CoPilot;

/// <summary>
/// Reads the life of a chart on standard input, one line each, and prints what the indicators made of it:
///   time,open,high,low,close,volume,starts-session,c|f   a bar as it closed, or as it stood while forming (epoch ms)
///   realtime                                             history is over: its bars are run through, then they come one by one
///   take-back                                            the bar type takes its newest bar back
///   no-master                                            the instrument loses what it is made of
///   a-second                                             that long nothing happens
///   no-bars                                              a call while the platform has neither bars nor instrument
/// Arguments: numbers | core close|price | volume close|price|tick
/// </summary>
internal static class Program
{
    private static readonly StreamWriter Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);

    private static int Main(string[] arguments)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        using (Out)
        {
            if (arguments[0] == "numbers") RunNumbers();
            else RunIndicator(arguments[0] == "core" ? (NinjaScriptBase)new FKSCore() : new FKSVolume(), arguments[1]);
        }
        return 0;
    }

    private static IEnumerable<string> Lines()
    {
        TextReader reader = Console.In;
        for (string line = reader.ReadLine(); line != null; line = reader.ReadLine()) yield return line;
    }

    private static double Number(string text)
    {
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static DateTime At(string epochMs)
    {
        return new DateTime(1970, 1, 1).AddMilliseconds(Number(epochMs));
    }

    private static string Exact(double value)
    {
        return value.ToString("G17", CultureInfo.InvariantCulture);
    }

    // The fold alone: a closed bar is kept, a forming one looked at; either way one line of numbers.
    private static void RunNumbers()
    {
        FksFold fold = new FksFold();
        foreach (string line in Lines())
        {
            string[] part = line.Split(',');
            FksBar bar = new FksBar(At(part[0]), Number(part[1]), Number(part[2]), Number(part[3]), Number(part[4]), Number(part[5]));
            FksState now = fold.Kept;
            if (part[7] == "c") fold.Keep(bar, part[6] == "1");
            else now = fold.Preview(bar, part[6] == "1");
            double[] numbers =
            {
                now.Waves.Trend.Value, now.Waves.Ratio, now.Waves.Dominance, now.Waves.BullAverage, now.Waves.BearAverage,
                now.Waves.CurrentRatio, now.Waves.Speed, now.Waves.Side, now.Ao, now.AoBefore, now.Atr, now.Ema, now.Upper,
                now.Middle, now.Lower, now.LongQuality, now.ShortQuality, now.Supports.Nearest, now.Resistances.Nearest,
                now.Heat, now.VolumeRatio,
            };
            Out.WriteLine(string.Join(",", numbers.Select(Exact)));
        }
    }

    private static void RunIndicator(NinjaScriptBase script, string mode)
    {
        script.Start(new Instrument { FullName = "MES 12-26", MasterInstrument = new MasterInstrument { TickSize = 0.25 } });
        script.Calculate = mode == "close" ? Calculate.OnBarClose : mode == "price" ? Calculate.OnPriceChange : Calculate.OnEachTick;
        foreach (string line in Lines())
        {
            if (line == "realtime") RunHistory(script);
            else if (line == "take-back") script.Bars.Rows.RemoveAt(script.Bars.Count - 1);
            else if (line == "no-master") script.Instrument.MasterInstrument = null;
            else if (line == "a-second") Thread.Sleep(1100);
            else if (line == "no-bars") script.CallWithoutBars();
            else Feed(script, line.Split(','));
        }
        if (script.State == State.Historical) RunHistory(script);
        for (int bar = 0; bar < script.Bars.Count; bar++)
        {
            script.LookFrom(bar);
            Out.WriteLine("bar," + Readings(script));
        }
        foreach (KeyValuePair<string, string> drawn in script.Drawn) Out.WriteLine("drawn," + drawn.Key + "," + drawn.Value);
        foreach (string logged in script.Logged) Out.WriteLine("log," + logged);
        script.Enter(State.Terminated);
    }

    // As on a chart: every bar is there before the first is called.
    private static void RunHistory(NinjaScriptBase script)
    {
        for (int bar = 0; bar < script.Bars.Count; bar++) script.Call(bar);
        script.Enter(State.Realtime);
    }

    private static void Feed(NinjaScriptBase script, string[] part)
    {
        Bars.Row row = new Bars.Row
        {
            Time = At(part[0]),
            Open = Number(part[1]),
            High = Number(part[2]),
            Low = Number(part[3]),
            Close = Number(part[4]),
            Volume = (long)Number(part[5]),
            StartsSession = part[6] == "1",
        };
        List<Bars.Row> rows = script.Bars.Rows;
        bool opens = rows.Count == 0 || rows[rows.Count - 1].Time != row.Time;
        bool moves = opens || rows[rows.Count - 1].Close != row.Close;
        if (opens) rows.Add(row);
        else rows[rows.Count - 1] = row;
        if (script.State == State.Historical) return;
        bool closes = part[7] == "c";
        if (script.Calculate == Calculate.OnBarClose ? closes : moves || script.Calculate == Calculate.OnEachTick)
        {
            script.Call(rows.Count - 1);
            if (!closes) Out.WriteLine("forming," + Readings(script));
        }
    }

    private static string Readings(NinjaScriptBase script)
    {
        FKSCore core = script as FKSCore;
        IEnumerable<Series<double>> hidden = core == null ? new Series<double>[0] : new[] { core.WaveRatio, core.Ao, core.LongQuality, core.ShortQuality, core.Heat };
        IEnumerable<string> values = script.Values.Concat(hidden).Select(ValueOf);
        BrushSeries painted = script.PlotBrushes[core == null ? 0 : 4];
        IEnumerable<string> brushes = new[] { painted, script.BarBrushes, script.CandleOutlineBrushes }.Select(NameOf);
        return string.Join(",", values.Concat(brushes));
    }

    private static string ValueOf(Series<double> series)
    {
        return series.IsValidDataPoint(0) ? Exact(series[0]) : "NaN";
    }

    private static string NameOf(BrushSeries series)
    {
        return series[0] == null ? "" : series[0].ToString();
    }
}
