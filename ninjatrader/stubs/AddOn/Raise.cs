using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;

namespace NinjaTrader.Stub
{
    /// <summary>
    /// Raises the platform's events and times the handlers. Time that the machine gave to other programs, and time in which
    /// the collector ran, is not the handler's: both are counted apart.
    /// </summary>
    internal static class Raise
    {
        private const double LongMs = 2;
        private const int WarmUp = 50;
        private static readonly int[] counts = new int[512];
        private static int raised, escaped, slow, slowOfMachine, slowUnexplained;
        private static readonly byte[] block = new byte[100];

        [ThreadStatic]
        private static FileStream schedule;

        private static double longest, longestOwn, total;

        internal static int Escaped { get { return Thread.VolatileRead(ref escaped); } }
        internal static int Raised { get { return raised; } }
        internal static int SlowOfMachine { get { return slowOfMachine; } }
        internal static int SlowUnexplained { get { return slowUnexplained; } }
        internal static int Slow { get { return slow; } }
        internal static double LongestMs { get { return longest; } }
        internal static double LongestOwnMs { get { return longestOwn; } }
        internal static double MeanMs { get { return raised == 0 ? 0 : total / raised; } }

        internal static void Reset()
        {
            Array.Clear(counts, 0, counts.Length);
            raised = slow = slowOfMachine = slowUnexplained = 0;
            longest = longestOwn = total = 0;
        }

        /// <summary>The time that so many of a thousand handlers stayed below, to 2 % or so.</summary>
        internal static double PercentileMs(double ofThousand)
        {
            long wanted = (long)Math.Ceiling(raised * ofThousand / 1000);
            long seen = 0;
            for (int i = 0; i < counts.Length; i++)
                if ((seen += counts[i]) >= wanted)
                    return Math.Pow(1.03, i) / 1000;
            return longest;
        }

        internal static void Order(Account account, OrderEventArgs e)
        {
            All(account.OrderListeners, account, e);
        }

        internal static void Execution(Account account, ExecutionEventArgs e)
        {
            All(account.ExecutionListeners, account, e);
        }

        internal static void Position(Account account, PositionEventArgs e)
        {
            All(account.PositionListeners, account, e);
        }

        internal static void Item(Account account, AccountItemEventArgs e)
        {
            All(account.ItemListeners, account, e);
        }

        internal static void Market(Instrument instrument, MarketDataEventArgs e)
        {
            All(instrument.MarketData.Listeners, instrument, e);
        }

        internal static void Status(ConnectionStatusEventArgs e)
        {
            All(Connection.Listeners, null, e);
        }

        private static void All<T>(EventHandler<T> listeners, object sender, T e) where T : EventArgs
        {
            if (listeners == null)
                return;
            foreach (Delegate listener in listeners.GetInvocationList())
                Time((EventHandler<T>)listener, sender, e);
        }

        private static void Time<T>(EventHandler<T> listener, object sender, T e) where T : EventArgs
        {
            int collections = GC.CollectionCount(0) + GC.CollectionCount(1);
            double waited = WaitedMs();
            long from = Stopwatch.GetTimestamp();
            try
            {
                listener(sender, e);
            }
            catch (Exception fault)
            {
                Interlocked.Increment(ref escaped);
                Console.Error.WriteLine("escaped: " + fault);
            }
            double ms = (Stopwatch.GetTimestamp() - from) * 1000.0 / Stopwatch.Frequency;
            double own = Math.Max(0, ms - Math.Max(0, WaitedMs() - waited));
            bool collected = GC.CollectionCount(0) + GC.CollectionCount(1) != collections;
            raised++;
            total += ms;
            longest = Math.Max(longest, ms);
            counts[Math.Min(counts.Length - 1, Math.Max(0, (int)Math.Ceiling(Math.Log(ms * 1000, 1.03))))]++;
            if (ms > LongMs)
                slow++;
            if (ms > LongMs && own <= LongMs)
                slowOfMachine++;
            // The first calls are compiled while they run.
            if (collected || raised <= WarmUp)
                return;
            longestOwn = Math.Max(longestOwn, own);
            if (own > LongMs)
                slowUnexplained++;
        }

        /// <summary>How long this thread has waited for a processor, as Linux counts it; 0 where nobody counts.</summary>
        private static double WaitedMs()
        {
            try
            {
                if (schedule == null)
                    schedule = new FileStream("/proc/thread-self/schedstat", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
                schedule.Seek(0, SeekOrigin.Begin);
                int length = schedule.Read(block, 0, block.Length);
                long nanoseconds = 0;
                int spaces = 0;
                for (int i = 0; i < length && spaces < 2; i++)
                    if (block[i] == ' ')
                        spaces++;
                    else if (spaces == 1)
                        nanoseconds = nanoseconds * 10 + block[i] - '0';
                return nanoseconds / 1e6;
            }
            catch (Exception)
            {
                return 0;
            }
        }
    }
}
