// Futures Co-Pilot: the bridge inside NinjaTrader 8.
//
// One AddOn that calls out over HTTP; nothing listens inside NinjaTrader. It tells the co-pilot what the platform holds and
// does, and it carries out the few signed commands of protocol version 1 (see README.md beside this file).
//
// The rules it lives by, because a bridge once froze a platform with a trade on:
// - An event handler copies to a plain object, enqueues and returns. It never waits, never writes and never calls an account.
// - No account is called under a lock of ours, and nothing of ours ever waits for the platform's screen.
// - Every handler and every thread catches everything; a fault is logged at most once per 15 s.
// - Executions, orders and answers to commands go to a file before they are sent: nothing is lost over a crash.
// - What the bridge started it ends in Terminated, and only that.
//
// Written for every compiler NinjaTrader 8 has shipped (C# 5) and for the assemblies it references by itself.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using NinjaTrader.Cbi;
using NinjaTrader.Data;
using NinjaTrader.NinjaScript.AddOns.CoPilot;

namespace NinjaTrader.NinjaScript.AddOns
{
    /// <summary>What NinjaTrader creates, and creates again at every compile. The newest instance owns the bridge.</summary>
    public class CoPilotBridge : AddOnBase
    {
        private static readonly object ownership = new object();
        private static CoPilotBridge owner;
        private Bridge bridge;

        // An AddOn never sees DataLoaded: Configure is where it starts. SetDefaults and Terminated also run for instances that
        // merely fill a list on the screen; those own no bridge and so they end none.
        protected override void OnStateChange()
        {
            try
            {
                if (State == State.SetDefaults)
                {
                    Name = "CoPilotBridge";
                    Description = "Connects this platform with Futures Co-Pilot.";
                }
                else if (State == State.Configure)
                    Begin();
                else if (State == State.Terminated)
                    End();
            }
            catch (Exception fault)
            {
                Journalist.Print("The bridge could not change its state: " + fault.Message);
            }
        }

        private void Begin()
        {
            CoPilotBridge before;
            lock (ownership)
            {
                before = owner;
                owner = this;
            }
            if (before != null && before != this)
                before.EndBridge();
            if (bridge != null)
                return;
            bridge = new Bridge(NinjaTrader.Core.Globals.UserDataDir);
            bridge.Start();
        }

        private void End()
        {
            lock (ownership)
            {
                if (owner == this)
                    owner = null;
            }
            EndBridge();
        }

        private void EndBridge()
        {
            Bridge ending = Interlocked.Exchange(ref bridge, null);
            if (ending != null)
                ending.Stop();
        }
    }
}

namespace NinjaTrader.NinjaScript.AddOns.CoPilot
{
    /// <summary>The machine's clock in epoch milliseconds.</summary>
    internal static class Clock
    {
        private static readonly DateTime epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        /// <summary>A clock that is set wrong is something the bridge has to survive: a test may set it.</summary>
        internal static long SkewMs = 0;

        internal static long Now()
        {
            return ToMs(DateTime.UtcNow) + SkewMs;
        }

        internal static long ToMs(DateTime utc)
        {
            return (utc.Ticks - epoch.Ticks) / TimeSpan.TicksPerMillisecond;
        }

        internal static string ToText(long ms)
        {
            return epoch.AddMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        /// <summary>NinjaTrader's times are in the zone chosen in its options, without saying so.</summary>
        internal static long FromPlatform(DateTime time)
        {
            try
            {
                if (time.Year < 2000)
                    return Now();
                if (time.Kind == DateTimeKind.Utc)
                    return ToMs(time);
                DateTime plain = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
                return ToMs(TimeZoneInfo.ConvertTimeToUtc(plain, NinjaTrader.Core.Globals.GeneralOptions.TimeZoneInfo));
            }
            catch (Exception)
            {
                // The hour that a change to summer time leaves out does not exist.
                return Now();
            }
        }
    }

    /// <summary>The text file beside NinjaTrader's own folders: one key=value a line, # for a remark.</summary>
    internal sealed class Settings
    {
        internal const string FileName = "CoPilotBridge.config";

        internal string Url = "";
        internal string Token = "";
        internal string Bridge = "";
        internal string WatchdogUrl = "";
        internal string WatchdogToken = "";
        /// <summary>How long the co-pilot has to be silent before the watchdog is asked. Shorter in tests alone.</summary>
        internal int WatchdogAfterMs = 20000;
        internal bool AllowOrders;
        internal int MaxContracts;
        internal readonly List<string> Accounts = new List<string>();
        internal readonly List<string> Instruments = new List<string>();

        internal static Settings Read(string path)
        {
            Settings settings = new Settings();
            if (File.Exists(path))
                foreach (string line in File.ReadAllLines(path))
                    settings.Take(line.Trim());
            settings.Url = settings.Url.TrimEnd('/');
            settings.WatchdogUrl = settings.WatchdogUrl.TrimEnd('/');
            settings.Bridge = BridgeName(settings.Bridge.Length > 0 ? settings.Bridge : Environment.MachineName);
            return settings;
        }

        internal bool IsComplete
        {
            get { return Url.Length > 0 && Token.Length > 0; }
        }

        internal bool HasWatchdog
        {
            get { return WatchdogUrl.Length > 0 && WatchdogToken.Length > 0; }
        }

        private void Take(string line)
        {
            int equals = line.IndexOf('=');
            if (equals < 1 || line[0] == '#')
                return;
            string value = line.Substring(equals + 1).Trim();
            switch (line.Substring(0, equals).Trim().ToLowerInvariant())
            {
                case "url": Url = value; break;
                case "token": Token = value; break;
                case "bridge": Bridge = value; break;
                case "watchdogurl": WatchdogUrl = value; break;
                case "watchdogtoken": WatchdogToken = value; break;
                case "watchdogafterms": int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out WatchdogAfterMs); break;
                case "alloworders": AllowOrders = value.ToLowerInvariant() == "true"; break;
                case "maxcontracts": int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out MaxContracts); break;
                case "accounts": AddNames(Accounts, value); break;
                case "instruments": AddNames(Instruments, value); break;
            }
        }

        private static void AddNames(List<string> names, string text)
        {
            foreach (string name in text.Split(','))
                if (name.Trim().Length > 0)
                    names.Add(name.Trim());
        }

        private static string BridgeName(string text)
        {
            StringBuilder name = new StringBuilder();
            foreach (char each in text)
                if (name.Length < 40)
                    name.Append((each < 128 && char.IsLetterOrDigit(each)) || each == '.' || each == '_' || each == '-' ? each : '-');
            return name.ToString();
        }
    }

    /// <summary>Says things in NinjaTrader's log, at most one every 15 s: a log that fills by itself is a fault of its own.</summary>
    internal sealed class Journalist
    {
        private const int QuietMs = 15000;
        private readonly Action<string, string> tell;
        private long saidAt;
        private int unsaid;

        internal Journalist(Action<string, string> tell)
        {
            this.tell = tell;
        }

        internal void Fault(string where, Exception fault)
        {
            Say("error", where + ": " + fault.GetType().Name + ": " + fault.Message, true);
        }

        internal void Quietly(string text)
        {
            Say("warn", text, true);
        }

        /// <summary>Something about the trader's money: the co-pilot is told in any case, NinjaTrader's log as it allows.</summary>
        internal void Incident(string text)
        {
            Say("error", text, false);
        }

        private void Say(string level, string text, bool sparing)
        {
            try
            {
                long now = Environment.TickCount & int.MaxValue;
                long before = Interlocked.Read(ref saidAt);
                bool quiet = before != 0 && Math.Abs(now - before) < QuietMs;
                bool mine = !quiet && Interlocked.CompareExchange(ref saidAt, now == 0 ? 1 : now, before) == before;
                if (!sparing || mine)
                    tell(level, text);
                if (!mine)
                {
                    Interlocked.Increment(ref unsaid);
                    return;
                }
                int missed = Interlocked.Exchange(ref unsaid, 0);
                Print(missed > 0 ? text + " (and " + missed + " more)" : text);
            }
            catch (Exception)
            {
                // There is nowhere left to say it.
            }
        }

        internal static void Print(string text)
        {
            NinjaTrader.NinjaScript.NinjaScript.Log("CoPilotBridge: " + text, LogLevel.Warning);
        }
    }

    /// <summary>Writes one JSON object.</summary>
    internal sealed class JsonObject
    {
        private readonly StringBuilder text = new StringBuilder("{");

        internal JsonObject Raw(string name, string json)
        {
            if (text.Length > 1)
                text.Append(',');
            Quote(text, name);
            text.Append(':').Append(json);
            return this;
        }

        internal JsonObject Add(string name, string value)
        {
            return Raw(name, Quoted(value));
        }

        internal JsonObject Add(string name, long value)
        {
            return Raw(name, value.ToString(CultureInfo.InvariantCulture));
        }

        internal JsonObject Add(string name, bool value)
        {
            return Raw(name, value ? "true" : "false");
        }

        internal JsonObject Add(string name, double value)
        {
            return Raw(name, Number(value));
        }

        /// <summary>A value that is not there, or not a number, is left out.</summary>
        internal JsonObject AddKnown(string name, double? value)
        {
            return value.HasValue && IsNumber(value.Value) ? Add(name, value.Value) : this;
        }

        internal JsonObject AddKnown(string name, string value)
        {
            return string.IsNullOrEmpty(value) ? this : Add(name, value);
        }

        public override string ToString()
        {
            return text.ToString() + "}";
        }

        internal static string List(IEnumerable<string> items)
        {
            return "[" + string.Join(",", items) + "]";
        }

        internal static string Quoted(string value)
        {
            StringBuilder quoted = new StringBuilder();
            Quote(quoted, value ?? "");
            return quoted.ToString();
        }

        internal static bool IsNumber(double value)
        {
            return !double.IsNaN(value) && !double.IsInfinity(value);
        }

        /// <summary>By way of decimal: a price has at most 15 digits, and 0.1 + 0.2 is 0.3.</summary>
        private static string Number(double value)
        {
            if (!IsNumber(value))
                return "0";
            return Math.Abs(value) < 1e15
                ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
                : value.ToString("R", CultureInfo.InvariantCulture);
        }

        private static void Quote(StringBuilder text, string value)
        {
            text.Append('"');
            foreach (char each in value)
                if (each == '"' || each == '\\')
                    text.Append('\\').Append(each);
                else if (each < ' ' || char.IsSurrogate(each))
                    text.Append("\\u").Append(((int)each).ToString("x4", CultureInfo.InvariantCulture));
                else
                    text.Append(each);
            text.Append('"');
        }
    }

    /// <summary>A number as it was written: a signature covers the text, not the value.</summary>
    internal sealed class JsonNumber
    {
        internal readonly string Text;

        internal JsonNumber(string text)
        {
            Text = text;
        }

        internal double Value
        {
            get { return double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture); }
        }
    }

    /// <summary>
    /// Reads JSON strictly: objects, lists, strings, numbers, true, false, null and nothing after them. Throws FormatException.
    /// </summary>
    internal sealed class JsonReader
    {
        private const int Deepest = 16;
        private readonly string text;
        private int at;

        private JsonReader(string text)
        {
            this.text = text;
        }

        internal static object Read(string text)
        {
            JsonReader reader = new JsonReader(text);
            object value = reader.Value(0);
            reader.Space();
            if (reader.at != text.Length)
                throw new FormatException("text after the JSON");
            return value;
        }

        private object Value(int depth)
        {
            if (depth > Deepest)
                throw new FormatException("JSON too deep");
            Space();
            switch (Peek())
            {
                case '{': return Members(depth);
                case '[': return Items(depth);
                case '"': return Text();
                case 't': return Word("true", true);
                case 'f': return Word("false", false);
                case 'n': return Word("null", null);
                default: return Number();
            }
        }

        private Dictionary<string, object> Members(int depth)
        {
            Dictionary<string, object> members = new Dictionary<string, object>();
            at++;
            if (Ends('}'))
                return members;
            do
            {
                Space();
                string name = Text();
                Space();
                Expect(':');
                if (members.ContainsKey(name))
                    throw new FormatException("a JSON name twice");
                members.Add(name, Value(depth + 1));
            }
            while (Continues('}'));
            return members;
        }

        private List<object> Items(int depth)
        {
            List<object> items = new List<object>();
            at++;
            if (Ends(']'))
                return items;
            do
                items.Add(Value(depth + 1));
            while (Continues(']'));
            return items;
        }

        private string Text()
        {
            Expect('"');
            StringBuilder value = new StringBuilder();
            for (;;)
            {
                char each = Take();
                if (each == '"')
                    return value.ToString();
                if (each < ' ')
                    throw new FormatException("a control character in JSON text");
                value.Append(each == '\\' ? Escaped() : each);
            }
        }

        private char Escaped()
        {
            char each = Take();
            switch (each)
            {
                case '"': case '\\': case '/': return each;
                case 'b': return '\b';
                case 'f': return '\f';
                case 'n': return '\n';
                case 'r': return '\r';
                case 't': return '\t';
                case 'u':
                    if (at + 4 > text.Length)
                        throw new FormatException("JSON ends too early");
                    at += 4;
                    return (char)ushort.Parse(text.Substring(at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                default: throw new FormatException("an unknown escape in JSON text");
            }
        }

        private JsonNumber Number()
        {
            int from = at;
            while (at < text.Length && (char.IsDigit(text[at]) || "+-.eE".IndexOf(text[at]) >= 0))
                at++;
            string number = text.Substring(from, at - from);
            double value;
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !JsonObject.IsNumber(value))
                throw new FormatException("not JSON");
            return new JsonNumber(number);
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
                throw new FormatException("not JSON");
            at += word.Length;
            return value;
        }

        private bool Ends(char close)
        {
            Space();
            if (Peek() != close)
                return false;
            at++;
            return true;
        }

        private bool Continues(char close)
        {
            Space();
            char each = Take();
            if (each != ',' && each != close)
                throw new FormatException("not JSON");
            return each == ',';
        }

        private void Space()
        {
            while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0)
                at++;
        }

        private char Peek()
        {
            if (at >= text.Length)
                throw new FormatException("JSON ends too early");
            return text[at];
        }

        private char Take()
        {
            char each = Peek();
            at++;
            return each;
        }

        private void Expect(char wanted)
        {
            if (Take() != wanted)
                throw new FormatException("not JSON");
        }
    }

    /// <summary>HMAC-SHA256 with the bridge's token.</summary>
    internal static class Signature
    {
        internal static string Of(string token, string message)
        {
            using (HMACSHA256 hash = new HMACSHA256(Encoding.UTF8.GetBytes(token)))
                return Hex(hash.ComputeHash(Encoding.UTF8.GetBytes(message)), 32);
        }

        /// <summary>Takes as long for a wrong signature as for a right one.</summary>
        internal static bool Matches(string a, string b)
        {
            int difference = a.Length ^ b.Length;
            for (int i = 0; i < a.Length && i < b.Length; i++)
                difference |= a[i] ^ b[i];
            return difference == 0;
        }

        internal static string Digest(string text)
        {
            using (SHA256 hash = SHA256.Create())
                return Hex(hash.ComputeHash(Encoding.UTF8.GetBytes(text)), 24);
        }

        private static string Hex(byte[] bytes, int length)
        {
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < length; i++)
                hex.Append(bytes[i].ToString("x2", CultureInfo.InvariantCulture));
            return hex.ToString();
        }
    }

    /// <summary>An event that must arrive: what a handler copied. The JSON is written later, on a thread of ours.</summary>
    internal abstract class Note
    {
        internal string Id;
        internal long At;

        internal string ToJson()
        {
            return Body(new JsonObject().Add("id", Id).Add("at", At)).ToString();
        }

        protected abstract JsonObject Body(JsonObject json);
    }

    internal sealed class OrderNote : Note
    {
        internal string Account, OrderId, Name, Instrument, Side, Type, Oco, State, Reason, Where;
        internal int Quantity, Filled;
        internal double AveragePrice, LimitPrice, StopPrice;

        protected override JsonObject Body(JsonObject json)
        {
            return json.Add("kind", "order").Add("account", Account).Raw("order", Order());
        }

        internal string Order()
        {
            JsonObject order = new JsonObject().Add("orderId", OrderId).Add("name", Name).Add("instrument", Instrument)
                .Add("side", Side).Add("type", Type).Add("quantity", Quantity).Add("filled", Filled);
            return order.AddKnown("averagePrice", Price(AveragePrice)).AddKnown("limitPrice", Price(LimitPrice))
                .AddKnown("stopPrice", Price(StopPrice)).AddKnown("oco", Oco).Add("state", State).AddKnown("reason", Reason)
                .Add("where", Where).ToString();
        }

        // NinjaTrader writes 0 for a price that an order does not have.
        private static double? Price(double value)
        {
            return value == 0 ? (double?)null : value;
        }
    }

    internal sealed class ExecutionNote : Note
    {
        internal string Account, ExecutionId, OrderId, OrderName, Instrument, Side;
        internal int Quantity;
        internal double Price;
        internal double? Commission;

        protected override JsonObject Body(JsonObject json)
        {
            return json.Add("kind", "execution").Add("account", Account).Add("executionId", ExecutionId).Add("orderId", OrderId)
                .Add("orderName", OrderName).Add("instrument", Instrument).Add("side", Side).Add("quantity", Quantity)
                .Add("price", Price).AddKnown("commission", Commission);
        }
    }

    internal sealed class ResultNote : Note
    {
        internal string Command, State, Reason;

        protected override JsonObject Body(JsonObject json)
        {
            return json.Add("kind", "commandResult").Add("command", Command).Add("state", State).AddKnown("reason", Reason);
        }
    }

    /// <summary>From the platform's words to the protocol's.</summary>
    internal static class Words
    {
        // The platform may give an order a new OrderId when the broker takes it: the first one stays ours for as long as we run.
        private static readonly ConditionalWeakTable<Order, string> orderIds = new ConditionalWeakTable<Order, string>();

        internal static string OrderId(Order order)
        {
            string known;
            if (orderIds.TryGetValue(order, out known))
                return known;
            string id = order.OrderId;
            return string.IsNullOrEmpty(id) ? "" : orderIds.GetValue(order, delegate { return id; });
        }

        internal static bool Buys(OrderAction action)
        {
            return action == OrderAction.Buy || action == OrderAction.BuyToCover;
        }

        internal static string Side(bool buys)
        {
            return buys ? "buy" : "sell";
        }

        internal static string Type(OrderType type)
        {
            switch (type)
            {
                case OrderType.Market: return "market";
                case OrderType.Limit: return "limit";
                case OrderType.StopLimit: return "stop-limit";
                case OrderType.MIT: return "mit";
                default: return "stop-market";
            }
        }

        internal static string State(OrderState state)
        {
            switch (state)
            {
                case OrderState.Initialized: case OrderState.Submitted: return "submitted";
                case OrderState.Accepted: case OrderState.AcceptedByRisk: case OrderState.Suspended: return "accepted";
                case OrderState.Working: case OrderState.TriggerPending: return "working";
                case OrderState.ChangePending: case OrderState.ChangeSubmitted: return "change-pending";
                case OrderState.CancelPending: case OrderState.CancelSubmitted: return "cancel-pending";
                case OrderState.PartFilled: return "part-filled";
                case OrderState.Filled: return "filled";
                case OrderState.Cancelled: return "cancelled";
                case OrderState.Rejected: return "rejected";
                default: return "unknown";
            }
        }

        internal static string Connection(ConnectionStatus status)
        {
            switch (status)
            {
                case ConnectionStatus.Connected: return "connected";
                case ConnectionStatus.Connecting: return "connecting";
                case ConnectionStatus.ConnectionLost: return "lost";
                default: return "disconnected";
            }
        }

        /// <summary>Where it rests: the simulator's orders, simulated stops and what waits for its trigger die with this machine.</summary>
        internal static string Where(Order order, Account account)
        {
            bool simulated = account.Provider == Provider.Simulator || account.Provider == Provider.Playback;
            if (simulated || order.IsSimulatedStop || order.OrderState == OrderState.TriggerPending)
                return "platform";
            // Whether a broker takes a market-if-touched order is the broker's secret.
            return account.Provider == Provider.Unknown || order.OrderType == OrderType.MIT ? "unknown" : "broker";
        }

        /// <summary>One line of plain text, not longer than that: names may be anything, and the protocol takes no control characters.</summary>
        internal static string Cut(string text, int length)
        {
            if (text == null)
                return "";
            StringBuilder cut = null;
            for (int i = 0; i < text.Length && i < length; i++)
                if (text[i] < ' ' || (text[i] >= '\u007f' && text[i] < '\u00a0') || char.IsSurrogate(text[i]))
                {
                    cut = cut ?? new StringBuilder(text);
                    cut[i] = ' ';
                }
            string plain = cut == null ? text : cut.ToString();
            return plain.Length <= length ? plain : plain.Substring(0, length);
        }

        /// <summary>The platform counts an order it has lost sight of as over; to us it may still fill.</summary>
        internal static bool IsFinal(Order order)
        {
            OrderState state = order.OrderState;
            return state != OrderState.Unknown && Order.IsTerminalState(state);
        }

        internal static OrderNote Note(Order order, Account account)
        {
            return new OrderNote
            {
                Account = account.Name,
                OrderId = OrderId(order),
                Name = Cut(order.Name, 50),
                Instrument = order.Instrument.FullName,
                Side = Side(Buys(order.OrderAction)),
                Type = Type(order.OrderType),
                Quantity = order.Quantity,
                Filled = order.Filled,
                AveragePrice = order.AverageFillPrice,
                LimitPrice = order.LimitPrice,
                StopPrice = order.StopPrice,
                Oco = Cut(order.Oco, 64),
                State = State(order.OrderState),
                Where = Where(order, account)
            };
        }
    }

    /// <summary>Appends to a file and does not return before the disk has it.</summary>
    internal sealed class Durable : IDisposable
    {
        private readonly FileStream file;

        /// <summary>Opens for appending; a last line that a crash tore is cut off.</summary>
        internal Durable(string path)
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            file.SetLength(EndOfLastLine());
        }

        internal long Length
        {
            get { return file.Length; }
        }

        internal void Append(string lines)
        {
            long before = file.Length;
            try
            {
                byte[] bytes = Encoding.UTF8.GetBytes(lines);
                file.Seek(0, SeekOrigin.End);
                file.Write(bytes, 0, bytes.Length);
                file.Flush(true);
            }
            catch (Exception)
            {
                file.SetLength(before);
                throw;
            }
        }

        /// <summary>Whole lines from a position on, at most so many and at least one where there is one.</summary>
        internal List<string> Lines(long from, int count, int bytes, out long next)
        {
            next = from;
            List<string> lines = new List<string>();
            int size = (int)Math.Min(bytes, file.Length - from);
            while (size > 0)
            {
                byte[] block = new byte[size];
                file.Seek(from, SeekOrigin.Begin);
                int read = 0;
                for (int n = 1; n > 0 && read < size; read += n)
                    n = file.Read(block, read, size - read);
                int start = 0;
                for (int i = 0; i < read && lines.Count < count; i++)
                    if (block[i] == '\n')
                    {
                        lines.Add(Encoding.UTF8.GetString(block, start, i - start));
                        start = i + 1;
                    }
                next = from + start;
                if (lines.Count > 0 || size == file.Length - from)
                    return lines;
                size = (int)Math.Min(size * 2L, file.Length - from);
            }
            return lines;
        }

        internal void Clear()
        {
            file.SetLength(0);
            file.Flush(true);
        }

        public void Dispose()
        {
            file.Dispose();
        }

        private long EndOfLastLine()
        {
            for (long at = file.Length; at > 0; at--)
            {
                file.Seek(at - 1, SeekOrigin.Begin);
                if (file.ReadByte() == '\n')
                    return at;
            }
            return 0;
        }
    }

    /// <summary>
    /// The queue that never drops: a file of events and how far it was answered. Memory does not grow with it, and a crash
    /// loses at most the knowledge of what was answered; told again, an event keeps its id and is known.
    /// </summary>
    internal sealed class Outbox : IDisposable
    {
        private const int ClearAt = 64 * 1024;
        private readonly object turn = new object();
        private readonly Durable file;
        private readonly string answeredPath;
        private long answered;
        private int waiting;

        internal Outbox(string folder)
        {
            file = new Durable(Path.Combine(folder, "outbox"));
            answeredPath = Path.Combine(folder, "outbox.answered");
            long known;
            if (File.Exists(answeredPath) && long.TryParse(File.ReadAllText(answeredPath).Trim(), out known) && known <= file.Length)
                answered = known;
            for (long at = answered; at < file.Length; )
                waiting += file.Lines(at, int.MaxValue, 1 << 20, out at).Count;
        }

        /// <summary>Events that were not answered yet.</summary>
        internal int Waiting
        {
            get { return Thread.VolatileRead(ref waiting); }
        }

        internal void Append(List<string> lines)
        {
            lock (turn)
            {
                file.Append(string.Join("\n", lines) + "\n");
                waiting += lines.Count;
            }
        }

        internal List<string> Next(int count, int bytes, out long end)
        {
            lock (turn)
                return file.Lines(answered, count, bytes, out end);
        }

        /// <summary>Forgets what was answered.</summary>
        internal void Answered(long end, int count)
        {
            lock (turn)
            {
                answered = end;
                waiting -= count;
                if (answered == file.Length && answered > ClearAt)
                {
                    file.Clear();
                    answered = 0;
                }
                File.WriteAllText(answeredPath, answered.ToString(CultureInfo.InvariantCulture));
            }
        }

        public void Dispose()
        {
            lock (turn)
                file.Dispose();
        }
    }

    /// <summary>What the bridge knows of a command, and the whole of a bracket that may still have to be protected.</summary>
    internal sealed class JournalEntry
    {
        internal long Number;
        internal string Id, State, Reason;
    }

    /// <summary>
    /// What was ordered of the bridge, on disk before anything is done: a command is executed once, ever. Lines are
    /// `C number id state reason`, `B number account instrument side quantity stop target1 target2`, `E number` when that bracket
    /// is over, `L until`, by tabs.
    /// </summary>
    internal sealed class Journal : IDisposable
    {
        private const int Kept = 500;
        private readonly object turn = new object();
        private readonly Durable file;
        private readonly Dictionary<string, JournalEntry> commands = new Dictionary<string, JournalEntry>();
        private readonly Dictionary<long, string[]> brackets = new Dictionary<long, string[]>();
        private long highest, highestOfWatchdog, lockedUntil;

        /// <summary>The watchdog's commands have ids, and so numbers, of their own range.</summary>
        internal static bool IsWatchdogs(string id)
        {
            return id.StartsWith("w-", StringComparison.Ordinal);
        }

        internal Journal(string folder)
        {
            string path = Path.Combine(folder, "journal");
            if (File.Exists(path) && new FileInfo(path).Length > 1024 * 1024)
                Shorten(path);
            file = new Durable(path);
            long next;
            foreach (string line in file.Lines(0, int.MaxValue, int.MaxValue, out next))
                Take(line.Split('\t'));
        }

        /// <summary>The highest number of the co-pilot ever executed here.</summary>
        internal long Highest
        {
            get { lock (turn) return highest; }
        }

        internal long HighestOfWatchdog
        {
            get { lock (turn) return highestOfWatchdog; }
        }

        /// <summary>Epoch ms by the co-pilot's clock until which no order of ours goes out.</summary>
        internal long LockedUntil
        {
            get { lock (turn) return lockedUntil; }
        }

        internal JournalEntry Find(string id)
        {
            JournalEntry entry;
            lock (turn)
                return commands.TryGetValue(id, out entry) ? entry : null;
        }

        internal void Record(long number, string id, string state, string reason)
        {
            Write("C", number.ToString(CultureInfo.InvariantCulture), id, state, reason ?? "");
        }

        internal void RecordBracket(params string[] fields)
        {
            Write(fields);
        }

        /// <summary>Nothing is owed to it any more, whatever is held later.</summary>
        internal void EndBracket(long number)
        {
            Write("E", number.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>Never shortened.</summary>
        internal void LockUntil(long until)
        {
            if (until > LockedUntil)
                Write("L", until.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>Commands that were under way when the bridge ended, brackets apart: nobody can tell what became of them.</summary>
        internal List<JournalEntry> Interrupted()
        {
            List<JournalEntry> interrupted = new List<JournalEntry>();
            lock (turn)
                foreach (JournalEntry entry in commands.Values)
                    if (entry.State == "received" && !brackets.ContainsKey(entry.Number))
                        interrupted.Add(entry);
            return interrupted;
        }

        /// <summary>The command of a bracket, when it was not answered yet.</summary>
        internal string Unanswered(long number)
        {
            lock (turn)
                foreach (JournalEntry entry in commands.Values)
                    if (entry.Number == number && entry.State == "received")
                        return entry.Id;
            return "";
        }

        internal List<string[]> Brackets()
        {
            lock (turn)
                return new List<string[]>(brackets.Values);
        }

        private void Write(params string[] fields)
        {
            for (int i = 0; i < fields.Length; i++)
                fields[i] = fields[i].Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
            lock (turn)
            {
                file.Append(string.Join("\t", fields) + "\n");
                Take(fields);
            }
        }

        private void Take(string[] fields)
        {
            long number;
            if (fields.Length < 2 || !long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
                return;
            if (fields[0] == "L")
                lockedUntil = Math.Max(lockedUntil, number);
            else if (fields[0] == "B" && fields.Length == 9)
                brackets[number] = fields;
            else if (fields[0] == "E")
                brackets.Remove(number);
            else if (fields[0] == "C" && fields.Length == 5)
            {
                if (IsWatchdogs(fields[2]))
                    highestOfWatchdog = Math.Max(highestOfWatchdog, number);
                else
                    highest = Math.Max(highest, number);
                commands[fields[2]] = new JournalEntry { Number = number, Id = fields[2], State = fields[3], Reason = fields[4] };
            }
        }

        // A command is refused by its number long after its line is gone. The watchdog's are rare and may be old.
        private static void Shorten(string path)
        {
            string[] lines = File.ReadAllLines(path);
            List<string> kept = new List<string>();
            for (int i = 0; i < lines.Length; i++)
                if (i >= lines.Length - Kept || lines[i].StartsWith("L\t", StringComparison.Ordinal) || lines[i].Contains("\tw-"))
                    kept.Add(lines[i]);
            File.WriteAllText(path + ".new", string.Join("\n", kept) + "\n");
            File.Replace(path + ".new", path, null);
        }

        public void Dispose()
        {
            lock (turn)
                file.Dispose();
        }
    }

    /// <summary>How long to wait before the next attempt: 1 s, doubled up to 30 s or what is said, with a fifth of chance.</summary>
    internal sealed class BackOff
    {
        private readonly Random chance = new Random(Guid.NewGuid().GetHashCode());
        private readonly int most;
        private int seconds = 1;

        internal BackOff(int most = 30)
        {
            this.most = most;
        }

        internal int NextMs()
        {
            int ms = (int)(seconds * (900 + 200 * chance.NextDouble()));
            seconds = Math.Min(most, seconds * 2);
            return Math.Max(1000, Math.Min(most * 1000, ms));
        }

        internal void Reset()
        {
            seconds = 1;
        }
    }

    /// <summary>What the other side said, or Status 0 when it said nothing.</summary>
    internal sealed class Answer
    {
        internal int Status;
        internal string Body = "";
        /// <summary>It wants to hear hello, and what every account holds, once more.</summary>
        internal bool AsksHello;
    }

    /// <summary>Signed calls to the co-pilot or its watchdog. Blocks: only threads of ours may call.</summary>
    internal sealed class Line
    {
        private const int MostRead = 1024 * 1024;
        internal readonly string Token;
        private readonly string url, bridge;
        private readonly object turn = new object();
        private readonly List<HttpWebRequest> calls = new List<HttpWebRequest>();
        private bool closed;
        private long offsetMs, offsetAt;
        private int heardAt = Environment.TickCount;

        internal Line(string url, string token, string bridge)
        {
            this.url = url;
            Token = token;
            this.bridge = bridge;
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        /// <summary>Now by the other side's clock, epoch ms.</summary>
        internal long TheirNow()
        {
            lock (turn)
                return Clock.Now() + offsetMs;
        }

        /// <summary>For how long no call had an answer below 500. By the machine's running time: its clock may be set.</summary>
        internal int SilentMs
        {
            get { return unchecked(Environment.TickCount - Thread.VolatileRead(ref heardAt)); }
        }

        internal Answer Post(string path, string body)
        {
            return Call("POST", path, body, 15000);
        }

        internal Answer Get(string path, int waitMs)
        {
            return Call("GET", path, null, waitMs + 10000);
        }

        /// <summary>Ends every call under way; further ones fail at once.</summary>
        internal void Close()
        {
            List<HttpWebRequest> open;
            lock (turn)
            {
                closed = true;
                open = new List<HttpWebRequest>(calls);
            }
            foreach (HttpWebRequest call in open)
                try
                {
                    call.Abort();
                }
                catch (Exception)
                {
                    // It ended by itself.
                }
        }

        private Answer Call(string method, string path, string body, int timeoutMs)
        {
            HttpWebRequest call = Prepare(method, path, body, timeoutMs);
            lock (turn)
            {
                if (closed)
                    return new Answer();
                calls.Add(call);
            }
            try
            {
                if (body != null)
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(body);
                    call.ContentType = "application/json";
                    call.ContentLength = bytes.Length;
                    using (Stream stream = call.GetRequestStream())
                        stream.Write(bytes, 0, bytes.Length);
                }
                using (WebResponse response = call.GetResponse())
                    return ReadAnswer((HttpWebResponse)response);
            }
            catch (WebException fault)
            {
                using (HttpWebResponse response = fault.Response as HttpWebResponse)
                    return response == null ? new Answer() : ReadAnswer(response);
            }
            catch (IOException)
            {
                return new Answer();
            }
            finally
            {
                lock (turn)
                    calls.Remove(call);
            }
        }

        private HttpWebRequest Prepare(string method, string path, string body, int timeoutMs)
        {
            HttpWebRequest call = (HttpWebRequest)WebRequest.Create(url + path);
            string timestamp = Clock.Now().ToString(CultureInfo.InvariantCulture);
            call.Method = method;
            // Without this .NET looks for a proxy first, which may take half a minute.
            call.Proxy = null;
            call.AllowAutoRedirect = false;
            call.Timeout = timeoutMs;
            call.ReadWriteTimeout = timeoutMs;
            call.ServicePoint.Expect100Continue = false;
            call.ServicePoint.UseNagleAlgorithm = false;
            call.ServicePoint.ConnectionLimit = 8;
            call.Headers["Authorization"] = "Bearer " + Token;
            call.Headers["X-CoPilot-Bridge"] = bridge;
            call.Headers["X-CoPilot-Timestamp"] = timestamp;
            call.Headers["X-CoPilot-Signature"] = Signature.Of(Token, timestamp + "." + (body ?? path));
            return call;
        }

        private Answer ReadAnswer(HttpWebResponse response)
        {
            LearnTime(response.Headers["X-CoPilot-Time"]);
            Answer answer = new Answer { Status = (int)response.StatusCode, AsksHello = response.Headers["X-CoPilot-Resend"] == "hello" };
            if (answer.Status < 500)
                Thread.VolatileWrite(ref heardAt, Environment.TickCount);
            using (StreamReader reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8))
            {
                StringBuilder text = new StringBuilder();
                char[] block = new char[8192];
                for (int n = reader.Read(block, 0, block.Length); n > 0; n = reader.Read(block, 0, block.Length))
                {
                    text.Append(block, 0, n);
                    if (text.Length > MostRead)
                        throw new IOException("the answer is too long");
                }
                answer.Body = text.ToString();
            }
            return answer;
        }

        // An answer ages on its way, so a reading is never too high: of the last minute the highest is the nearest.
        private void LearnTime(string header)
        {
            long time;
            if (!long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out time))
                return;
            long now = Clock.Now();
            lock (turn)
                if (time - now > offsetMs || offsetAt == 0 || Math.Abs(now - offsetAt) > 60000)
                {
                    offsetMs = time - now;
                    offsetAt = now;
                }
        }
    }

    /// <summary>A command as it arrived.</summary>
    internal sealed class Command
    {
        private readonly Dictionary<string, object> members;

        private static readonly Dictionary<string, string[]> ownFields = new Dictionary<string, string[]>
        {
            { "ping", new string[0] },
            { "cancelAll", new string[0] },
            { "flattenAccount", new string[0] },
            { "flattenAll", new string[0] },
            { "placeBracket", new[] { "instrument", "side", "quantity", "entry", "limit", "stop", "target1", "target2", "tag" } },
            { "changeStop", new[] { "orderId", "stopPrice" } },
            { "lockout", new[] { "until" } }
        };

        internal Command(Dictionary<string, object> members)
        {
            this.members = members;
            Number = Whole("number");
            if (Number < 1 || Id.Length == 0)
                throw new FormatException("a command without its number or id");
        }

        internal readonly long Number;

        internal string Id { get { return Text("id"); } }
        internal string Kind { get { return Text("kind"); } }
        internal string Account { get { return Text("account"); } }
        internal long ExpiresAt { get { return Whole("expiresAt"); } }
        internal bool IsKnown { get { return ownFields.ContainsKey(Kind); } }
        internal bool IsWayOut { get { return IsKnown && Kind != "placeBracket" && Kind != "changeStop"; } }

        internal bool IsSignedWith(string token)
        {
            return Signature.Matches(Signature.Of(token, Canonical()), Text("signature"));
        }

        /// <summary>As written in the JSON; what is absent is empty.</summary>
        internal string Text(string name)
        {
            object value;
            members.TryGetValue(name, out value);
            JsonNumber number = value as JsonNumber;
            return number != null ? number.Text : value as string ?? "";
        }

        internal double Price(string name)
        {
            object value;
            members.TryGetValue(name, out value);
            JsonNumber number = value as JsonNumber;
            return number == null ? 0 : number.Value;
        }

        internal long Whole(string name)
        {
            double value = Price(name);
            return value == Math.Floor(value) && Math.Abs(value) < 9e15 ? (long)value : 0;
        }

        // A kind we do not know is signed over its common fields as far as we can tell: it is refused in any case.
        private string Canonical()
        {
            List<string> fields = new List<string> { Id, Text("number"), Kind, Account, Text("issuedAt"), Text("expiresAt") };
            string[] own;
            if (!ownFields.TryGetValue(Kind, out own) || own.Length == 0)
                fields.Add("");
            else
                foreach (string name in own)
                    fields.Add(Text(name));
            return string.Join("|", fields);
        }
    }

    /// <summary>
    /// The net position of each account and instrument by the fills we saw. The platform tells a fill 30 to 150 ms before it
    /// changes the position: until both agree, or a second after the last fill, the position is not to be acted upon.
    /// </summary>
    internal sealed class FillLedger
    {
        private const int SettlesMs = 1000;

        private sealed class Net
        {
            internal int Quantity;
            internal long FillAt;
        }

        private sealed class Seen
        {
            internal int ByOrder, ByExecutions, Counted;
        }

        // Plain memory only: nothing under this lock calls anyone.
        private readonly object turn = new object();
        private readonly Dictionary<string, Net> nets = new Dictionary<string, Net>();
        private readonly ConditionalWeakTable<Order, Seen> orders = new ConditionalWeakTable<Order, Seen>();

        internal static string Key(string account, string instrument)
        {
            return account + "|" + instrument;
        }

        /// <summary>What was filled before we looked is in the position already.</summary>
        internal void Seed(Order order, int filled)
        {
            lock (turn)
            {
                Seen seen = orders.GetOrCreateValue(order);
                if (seen.Counted == 0)
                    seen.ByOrder = seen.Counted = filled;
            }
        }

        /// <summary>The order says how much of it is filled, an execution says it again: the larger sum counts.</summary>
        internal void Fill(string key, Order order, bool buys, int filledByOrder, int executed)
        {
            lock (turn)
            {
                int more = executed;
                if (order != null)
                {
                    Seen seen = orders.GetOrCreateValue(order);
                    seen.ByOrder = Math.Max(seen.ByOrder, filledByOrder);
                    seen.ByExecutions += executed;
                    more = Math.Max(seen.ByOrder, seen.ByExecutions) - seen.Counted;
                    seen.Counted += Math.Max(0, more);
                }
                if (more <= 0)
                    return;
                Net net = Of(key);
                net.Quantity += buys ? more : -more;
                net.FillAt = Clock.Now();
            }
        }

        /// <summary>Whether the platform's position may be believed; later than a second after the last fill it is.</summary>
        internal bool Settles(string key, int platform)
        {
            lock (turn)
            {
                Net net;
                if (!nets.TryGetValue(key, out net))
                    Of(key).Quantity = platform;
                else if (net.Quantity != platform && Math.Abs(Clock.Now() - net.FillAt) < SettlesMs)
                    return false;
                else
                    net.Quantity = platform;
                return true;
            }
        }

        internal int Quantity(string key)
        {
            Net net;
            lock (turn)
                return nets.TryGetValue(key, out net) ? net.Quantity : 0;
        }

        /// <summary>The instruments of an account of which a fill was seen.</summary>
        internal List<string> Instruments(string account)
        {
            List<string> names = new List<string>();
            lock (turn)
                foreach (string key in nets.Keys)
                    if (key.StartsWith(account + "|", StringComparison.Ordinal))
                        names.Add(key.Substring(account.Length + 1));
            return names;
        }

        private Net Of(string key)
        {
            Net net;
            if (!nets.TryGetValue(key, out net))
                nets[key] = net = new Net();
            return net;
        }
    }

    /// <summary>What an account holds and what works for it, by the platform's own word at one instant.</summary>
    internal sealed class Look
    {
        /// <summary>False while the platform cannot know: not connected, or its lists are being rebuilt.</summary>
        internal bool Known;

        /// <summary>False while a fill was told and the position does not show it yet.</summary>
        internal bool Settled = true;

        internal readonly List<Order> Working = new List<Order>();
        internal readonly List<Position> Held = new List<Position>();

        internal bool IsFlat
        {
            get { return Known && Settled && Working.Count == 0 && Held.Count == 0; }
        }

        internal static int Signed(Position position)
        {
            return position.MarketPosition == MarketPosition.Short ? -position.Quantity : position.Quantity;
        }

        internal int Quantity(string instrument)
        {
            foreach (Position position in Held)
                if (position.Instrument.FullName == instrument)
                    return Signed(position);
            return 0;
        }
    }

    /// <summary>Reads accounts. NinjaTrader asks that its lists be locked while they are copied; nothing else is done under it.</summary>
    internal static class Accounts
    {
        internal static List<Account> All()
        {
            List<Account> accounts = new List<Account>();
            lock (Account.All)
                foreach (Account account in Account.All)
                    if (account != null && !string.IsNullOrEmpty(account.Name))
                        accounts.Add(account);
            return accounts;
        }

        internal static Account Find(string name)
        {
            foreach (Account account in All())
                if (account.Name == name)
                    return account;
            return null;
        }

        internal static List<Order> Orders(Account account)
        {
            List<Order> orders = new List<Order>();
            if (account.Orders != null)
                lock (account.Orders)
                    foreach (Order order in account.Orders)
                        if (order != null && order.Instrument != null)
                            orders.Add(order);
            return orders;
        }

        internal static List<Execution> Executions(Account account)
        {
            List<Execution> executions = new List<Execution>();
            if (account.Executions != null)
                lock (account.Executions)
                    foreach (Execution execution in account.Executions)
                        if (execution != null)
                            executions.Add(execution);
            return executions;
        }

        internal static Look LookAt(Account account, FillLedger ledger)
        {
            Look look = new Look();
            if (account.Positions == null || account.Orders == null)
                return look;
            look.Known = account.ConnectionStatus == ConnectionStatus.Connected;
            foreach (Order order in Orders(account))
            {
                string key = FillLedger.Key(account.Name, order.Instrument.FullName);
                ledger.Fill(key, order, Words.Buys(order.OrderAction), order.Filled, 0);
                if (!Words.IsFinal(order) && order.OrderState != OrderState.Initialized)
                    look.Working.Add(order);
            }
            lock (account.Positions)
                foreach (Position position in account.Positions)
                    if (position != null && position.Instrument != null && position.MarketPosition != MarketPosition.Flat && position.Quantity > 0)
                        look.Held.Add(position);
            List<string> instruments = ledger.Instruments(account.Name);
            foreach (Position position in look.Held)
                instruments.Add(position.Instrument.FullName);
            foreach (string instrument in instruments)
                if (!ledger.Settles(FillLedger.Key(account.Name, instrument), look.Quantity(instrument)))
                    look.Settled = false;
            return look;
        }
    }

    /// <summary>
    /// Who may send orders of ours: nobody while the account is being flattened. A flatten waits until the last one who was
    /// let in is out, so that no order of ours can arrive behind its back. Nothing is called under the lock.
    /// </summary>
    internal sealed class OrderGate
    {
        private readonly object turn = new object();
        private readonly Dictionary<string, int> flattening = new Dictionary<string, int>();
        private readonly Dictionary<string, int> sending = new Dictionary<string, int>();
        private readonly Dictionary<string, int> flattened = new Dictionary<string, int>();

        internal bool Enter(string account)
        {
            lock (turn)
            {
                if (Count(flattening, account) > 0)
                    return false;
                sending[account] = Count(sending, account) + 1;
                return true;
            }
        }

        internal void Leave(string account)
        {
            lock (turn)
                sending[account] = Count(sending, account) - 1;
        }

        internal void Shut(string account)
        {
            lock (turn)
                flattening[account] = Count(flattening, account) + 1;
        }

        internal void Open(string account, bool isFlat)
        {
            lock (turn)
            {
                flattening[account] = Count(flattening, account) - 1;
                if (isFlat)
                    flattened[account] = Count(flattened, account) + 1;
            }
        }

        /// <summary>How often a flatten got the account flat: what was filled before is closed.</summary>
        internal int TimesFlat(string account)
        {
            lock (turn)
                return Count(flattened, account);
        }

        internal bool IsShut(string account)
        {
            lock (turn)
                return Count(flattening, account) > 0;
        }

        internal bool IsEmpty(string account)
        {
            lock (turn)
                return Count(sending, account) == 0;
        }

        private static int Count(Dictionary<string, int> counts, string account)
        {
            int count;
            return counts.TryGetValue(account, out count) ? count : 0;
        }
    }

    /// <summary>
    /// Gets an account flat. Account.Flatten is not used: it cancels and closes at once, without waiting for the cancels, so a
    /// stop that fills meanwhile and the closing order together turn the position round. Here nothing is closed before
    /// nothing else can fill, the closing order is exactly the net, one at a time, and it is final before we look again.
    /// </summary>
    internal sealed class Flattening
    {
        internal const string OrderName = "CoPilot flatten";
        private const int Rounds = 10;
        private const int StepMs = 2000;
        private const int CloseMs = 5000;
        private const int PollMs = 15;

        private readonly Account account;
        private readonly OrderGate gate;
        private readonly FillLedger ledger;
        private readonly Journalist journalist;
        private readonly WaitHandle ending;

        internal Flattening(Account account, OrderGate gate, FillLedger ledger, Journalist journalist, WaitHandle ending)
        {
            this.account = account;
            this.gate = gate;
            this.ledger = ledger;
            this.journalist = journalist;
            this.ending = ending;
        }

        /// <summary>True when the platform says flat with nothing working; false after ten rounds, or when the bridge ends.</summary>
        internal bool Run()
        {
            bool isFlat = false;
            gate.Shut(account.Name);
            try
            {
                for (int round = 0; !isFlat && round < Rounds && !ending.WaitOne(0); round++)
                    isFlat = TryRound();
                return isFlat;
            }
            finally
            {
                gate.Open(account.Name, isFlat);
            }
        }

        /// <summary>Cancels everything that works; true when nothing works any more.</summary>
        internal bool CancelAll()
        {
            for (int round = 0; round < Rounds && !ending.WaitOne(0); round++)
                if (TryCancel())
                    return true;
            return false;
        }

        private bool TryRound()
        {
            try
            {
                if (!Until(delegate { return gate.IsEmpty(account.Name); }) || !TryCancel())
                    return false;
                Look look = See();
                if (!Until(delegate { look = See(); return look.Known && look.Settled; }) || look.Working.Count > 0)
                    return false;
                foreach (Position position in look.Held)
                    Close(position);
                return See().IsFlat;
            }
            catch (Exception fault)
            {
                journalist.Fault("Flattening " + account.Name, fault);
                ending.WaitOne(StepMs / 4);
                return false;
            }
        }

        private Look See()
        {
            return Accounts.LookAt(account, ledger);
        }

        private bool TryCancel()
        {
            HashSet<Order> asked = new HashSet<Order>();
            return Until(delegate
            {
                Look look = See();
                if (!look.Known)
                    return false;
                List<Order> cancel = new List<Order>();
                foreach (Order order in look.Working)
                    if (CanBeCancelled(order.OrderState) && asked.Add(order))
                        cancel.Add(order);
                if (cancel.Count > 0)
                    account.Cancel(cancel.ToArray());
                return look.Working.Count == 0;
            });
        }

        // A cancel during a pending change or cancel is refused by the platform: it is asked again when that is over.
        private static bool CanBeCancelled(OrderState state)
        {
            string word = Words.State(state);
            return word != "change-pending" && word != "cancel-pending";
        }

        private void Close(Position position)
        {
            int net = Look.Signed(position);
            if (net == 0)
                return;
            Order order = account.CreateOrder(position.Instrument, net > 0 ? OrderAction.Sell : OrderAction.BuyToCover, OrderType.Market,
                OrderEntry.Automated, TimeInForce.Day, Math.Abs(net), 0, 0, "", OrderName, NinjaTrader.Core.Globals.MaxDate, null);
            if (order == null)
                throw new InvalidOperationException("the platform made no closing order");
            account.Submit(new[] { order });
            if (!Until(CloseMs, delegate { return Words.IsFinal(order); }))
                return;
            string key = FillLedger.Key(account.Name, position.Instrument.FullName);
            Until(delegate { return See().Settled && ledger.Quantity(key) == net - Math.Sign(net) * order.Filled; });
        }

        private bool Until(Func<bool> isSo)
        {
            return Until(StepMs, isSo);
        }

        private bool Until(int ms, Func<bool> isSo)
        {
            for (int waited = 0; ; waited += PollMs)
            {
                if (isSo())
                    return true;
                if (waited >= ms || ending.WaitOne(PollMs))
                    return false;
            }
        }
    }

    /// <summary>One way out of an account at a time: whoever asks meanwhile waits for the one under way and has its answer.</summary>
    internal sealed class WaysOut
    {
        private sealed class Way
        {
            internal readonly ManualResetEvent Over = new ManualResetEvent(false);
            internal volatile bool Worked;
        }

        private readonly object turn = new object();
        private readonly Dictionary<string, Way> ways = new Dictionary<string, Way>();

        /// <summary>True when it worked. A cancel that finds a flatten under way is content with it, but not the reverse.</summary>
        internal bool Take(Account account, bool flatten, WaitHandle ending, Func<bool> go)
        {
            Way own = null, other;
            lock (turn)
                if (!ways.TryGetValue(account.Name + true, out other) && !ways.TryGetValue(account.Name + flatten, out other))
                    ways[account.Name + flatten] = own = new Way();
            if (own != null)
                return Go(own, account.Name + flatten, go);
            return WaitHandle.WaitAny(new[] { other.Over, ending }) == 0 && other.Worked;
        }

        private bool Go(Way way, string key, Func<bool> go)
        {
            try
            {
                return way.Worked = go();
            }
            finally
            {
                lock (turn)
                    ways.Remove(key);
                way.Over.Set();
            }
        }
    }

    /// <summary>A stop and a target over the same contracts; the first to fill ends the other.</summary>
    internal sealed class Leg
    {
        internal Order Stop, Target, Closing;
        internal int Quantity;
        internal double TargetPrice;
        /// <summary>Taken: a flatten cancels it. Closed: nothing more is to be done about it.</summary>
        internal bool Unprotected, Taken, Closed;

        internal int Filled
        {
            get { return Stop.Filled + (Target == null ? 0 : Target.Filled); }
        }

        internal int Remaining
        {
            get { return Closed ? 0 : Math.Max(0, Quantity - Filled - (Closing == null ? 0 : Closing.Filled)); }
        }

        internal bool IsOver
        {
            get { return Words.IsFinal(Stop) && (Target == null || Words.IsFinal(Target)); }
        }

        /// <summary>One half had filled in part, or the target was refused: then the platform took the other away, not the trader.</summary>
        internal bool IsOverByPlatform
        {
            get { return IsOver && (Filled > 0 || (Target != null && Target.OrderState == OrderState.Rejected)); }
        }
    }

    /// <summary>An entry and what protects its fills. Only the desk's thread touches it.</summary>
    internal sealed class Bracket
    {
        internal string CommandId;
        internal long Number;
        internal Account Account;
        internal Instrument Instrument;
        internal bool Buys;
        internal int Quantity, Covered, First, TimesFlat;
        internal long ShortSince;
        internal double Stop, Target1, Target2;
        internal string Tag;
        internal Order Entry;
        /// <summary>Doubtful: not all that it filled was found held, so that it may be too early to say that it is over.</summary>
        internal bool Answered, Doubtful;
        internal readonly List<Leg> Legs = new List<Leg>();

        internal string Key
        {
            get { return FillLedger.Key(Account.Name, Instrument.FullName); }
        }

        internal string Name(string part)
        {
            return Words.Cut(("CoPilot " + Number + " " + part + " " + Tag).TrimEnd(), 50);
        }

        internal int Live
        {
            get
            {
                int live = 0;
                foreach (Leg leg in Legs)
                    live += leg.Remaining;
                return live;
            }
        }
    }

    /// <summary>
    /// Places brackets and tends them, on one thread. Exits follow each fill of the entry as an OCO pair of the filled
    /// quantity, so never more works against the position than the position is: nothing can turn it round.
    /// </summary>
    internal sealed class Desk
    {
        private const int ExcessMs = 3000;
        private readonly Settings settings;
        private readonly Journal journal;
        private readonly FillLedger ledger;
        private readonly OrderGate gate;
        private readonly Journalist journalist;
        private readonly Func<long> coPilotNow;
        private readonly Action<string, long, string, string> answer;
        private readonly BlockingCollection<Action> work = new BlockingCollection<Action>();
        private readonly List<Bracket> brackets = new List<Bracket>();
        private readonly Dictionary<string, long> excessSince = new Dictionary<string, long>();
        private volatile bool hasBrackets;
        private int touched;

        internal Desk(Settings settings, Journal journal, FillLedger ledger, OrderGate gate, Journalist journalist,
            Func<long> coPilotNow, Action<string, long, string, string> answer)
        {
            this.settings = settings;
            this.journal = journal;
            this.ledger = ledger;
            this.gate = gate;
            this.journalist = journalist;
            this.coPilotNow = coPilotNow;
            this.answer = answer;
        }

        /// <summary>From any thread, also from a handler: something happened to an order or a position.</summary>
        internal void Touch()
        {
            if (hasBrackets && Interlocked.Exchange(ref touched, 1) == 0)
                work.Add(delegate { });
        }

        internal void Place(Command command)
        {
            work.Add(delegate { PlaceNow(command); });
        }

        /// <summary>An account came (back): entries of ours that it still knows are tended again.</summary>
        internal void Recover()
        {
            work.Add(RecoverNow);
        }

        /// <summary>The body of the desk's thread.</summary>
        internal void Run(WaitHandle ending)
        {
            while (!ending.WaitOne(0))
            {
                Action item;
                bool some = work.TryTake(out item, hasBrackets ? 100 : 500);
                Interlocked.Exchange(ref touched, 0);
                try
                {
                    if (some)
                        item();
                    if (hasBrackets)
                        TendAll();
                }
                catch (Exception fault)
                {
                    journalist.Fault("The order desk", fault);
                }
            }
        }

        /// <summary>Why an order of ours may not go out for this account, or null.</summary>
        internal string Refusal(string account)
        {
            if (Accounts.Find(account) == null)
                return "unknown-account";
            if (!settings.AllowOrders || !settings.Accounts.Contains(account))
                return "not-allowed";
            return null;
        }

        private void PlaceNow(Command command)
        {
            string reason;
            try
            {
                Bracket bracket;
                reason = Refuse(command, out bracket);
                if (reason == null)
                    reason = Send(command, bracket);
            }
            catch (Exception fault)
            {
                journalist.Fault("A bracket", fault);
                reason = "exception";
            }
            if (reason != null)
                answer(command.Id, command.Number, "failed", reason);
        }

        private string Refuse(Command command, out Bracket bracket)
        {
            bracket = null;
            string refusal = Refusal(command.Account);
            if (refusal != null)
                return refusal;
            if (coPilotNow() < journal.LockedUntil || gate.IsShut(command.Account))
                return "locked-out";
            if (coPilotNow() > command.ExpiresAt)
                return "expired";
            Instrument instrument = Instrument.GetInstrument(command.Text("instrument"));
            if (instrument == null || instrument.MasterInstrument == null)
                return "unknown-instrument";
            bracket = new Bracket
            {
                CommandId = command.Id,
                Number = command.Number,
                Account = Accounts.Find(command.Account),
                Instrument = instrument,
                Buys = command.Text("side") == "buy",
                Quantity = (int)Math.Max(0, Math.Min(int.MaxValue, command.Whole("quantity"))),
                Stop = command.Price("stop"),
                Target1 = command.Price("target1"),
                Target2 = command.Price("target2"),
                Tag = command.Text("tag")
            };
            return RefusePrices(command, bracket) ?? RefuseSize(bracket);
        }

        private static string RefusePrices(Command command, Bracket bracket)
        {
            string entry = command.Text("entry");
            string side = command.Text("side");
            double limit = entry == "limit" ? command.Price("limit") : 0;
            if (bracket.Stop <= 0)
                return "no-stop";
            if ((side != "buy" && side != "sell") || (entry != "limit" && entry != "market"))
                return "wrong-side";
            if (entry == "limit" && limit <= 0)
                return "off-grid";
            foreach (double price in new[] { limit, bracket.Stop, bracket.Target1, bracket.Target2 })
                if (price < 0 || !IsOnGrid(price, bracket.Instrument))
                    return "off-grid";
            double reference = limit > 0 ? limit : LastPrice(bracket.Instrument);
            double way = bracket.Buys ? 1 : -1;
            if (reference > 0 && way * (reference - bracket.Stop) <= 0)
                return "wrong-side";
            foreach (double target in new[] { bracket.Target1, bracket.Target2 })
                if (target > 0 && (way * (target - bracket.Stop) <= 0 || (reference > 0 && way * (target - reference) <= 0)))
                    return "wrong-side";
            return null;
        }

        internal static bool IsOnGrid(double price, Instrument instrument)
        {
            double tick = instrument.MasterInstrument.TickSize;
            return Math.Abs(instrument.MasterInstrument.RoundToTickSize(price) - price) < tick * 1e-6;
        }

        internal static double LastPrice(Instrument instrument)
        {
            MarketData market = instrument.MarketData;
            return market == null || market.Last == null ? 0 : market.Last.Price;
        }

        // The most contracts the account could come to hold, every working order counted. An entry against a position would
        // let its exits turn it round: refused.
        private string RefuseSize(Bracket bracket)
        {
            if (bracket.Quantity < 1)
                return "over-cap";
            Look look = Accounts.LookAt(bracket.Account, ledger);
            if (!look.Known)
                return "rejected-by-platform";
            // By the fills: until the position shows them it is too small, or of the other side.
            string account = bracket.Account.Name;
            string own = bracket.Instrument.FullName;
            int held = ledger.Quantity(bracket.Key);
            if (held != 0 && held > 0 != bracket.Buys)
                return "wrong-side";
            HashSet<string> instruments = new HashSet<string>(ledger.Instruments(account)) { own };
            foreach (Order order in look.Working)
                instruments.Add(order.Instrument.FullName);
            long most = Unlisted(account, look);
            foreach (string instrument in instruments)
            {
                int net = ledger.Quantity(FillLedger.Key(account, instrument));
                long up = net + Working(look, instrument, true);
                long down = net - Working(look, instrument, false);
                if (instrument == own && bracket.Buys)
                    up += bracket.Quantity;
                else if (instrument == own)
                    down -= bracket.Quantity;
                most += Math.Max(Math.Abs(up), Math.Abs(down));
            }
            return most > settings.MaxContracts ? "over-cap" : null;
        }

        // What was sent a moment ago may not be on the platform's list yet.
        private long Unlisted(string account, Look look)
        {
            long sum = 0;
            foreach (Bracket bracket in brackets)
            {
                Bracket other = bracket;
                bool listed = look.Working.Exists(delegate(Order order) { return IsPart(order, other, "entry"); });
                if (other.Account.Name == account && !listed && !Words.IsFinal(other.Entry))
                    sum += other.Entry.Quantity - other.Entry.Filled;
            }
            return sum;
        }

        // Of an OCO group only one order fills.
        private static long Working(Look look, string instrument, bool buys)
        {
            Dictionary<string, int> groups = new Dictionary<string, int>();
            long sum = 0;
            foreach (Order order in look.Working)
            {
                if (order.Instrument.FullName != instrument || Words.Buys(order.OrderAction) != buys)
                    continue;
                int left = order.Quantity - order.Filled;
                if (string.IsNullOrEmpty(order.Oco))
                    sum += left;
                else
                {
                    int before;
                    groups.TryGetValue(order.Oco, out before);
                    groups[order.Oco] = Math.Max(before, left);
                }
            }
            foreach (int left in groups.Values)
                sum += left;
            return sum;
        }

        private string Send(Command command, Bracket bracket)
        {
            if (!gate.Enter(bracket.Account.Name))
                return "locked-out";
            try
            {
                bool limit = command.Text("entry") == "limit";
                bracket.Entry = bracket.Account.CreateOrder(bracket.Instrument, bracket.Buys ? OrderAction.Buy : OrderAction.SellShort,
                    limit ? OrderType.Limit : OrderType.Market, OrderEntry.Automated, TimeInForce.Day, bracket.Quantity,
                    limit ? command.Price("limit") : 0, 0, "", bracket.Name("entry"), NinjaTrader.Core.Globals.MaxDate, null);
                if (bracket.Entry == null)
                    return "rejected-by-platform";
                // On disk before the order is out: after a restart its fills must still get their stop.
                journal.RecordBracket("B", Text(bracket.Number), bracket.Account.Name, command.Text("instrument"), command.Text("side"),
                    Text(bracket.Quantity), command.Text("stop"), command.Text("target1"), command.Text("target2"));
                bracket.TimesFlat = gate.TimesFlat(bracket.Account.Name);
                brackets.Add(bracket);
                hasBrackets = true;
                answer(command.Id, command.Number, "working", null);
                bracket.Account.Submit(new[] { bracket.Entry });
                return null;
            }
            finally
            {
                gate.Leave(bracket.Account.Name);
            }
        }

        private static string Text(long number)
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        private void TendAll()
        {
            for (int i = brackets.Count - 1; i >= 0; i--)
            {
                Bracket bracket = brackets[i];
                try
                {
                    Tend(bracket);
                }
                catch (Exception fault)
                {
                    journalist.Fault("A bracket of " + bracket.Account.Name, fault);
                }
                if (Words.IsFinal(bracket.Entry) && bracket.Covered >= bracket.Entry.Filled && bracket.Live == 0)
                    End(i);
            }
            hasBrackets = brackets.Count > 0;
            if (hasBrackets)
                CancelExcess();
        }

        // Tended once more after a restart, it would lay claim to what the trader has bought since.
        private void End(int index)
        {
            Bracket bracket = brackets[index];
            brackets.RemoveAt(index);
            if (!bracket.Doubtful)
                journal.EndBracket(bracket.Number);
        }

        private void Tend(Bracket bracket)
        {
            AnswerEntry(bracket);
            if (IsFlattening(bracket))
                return;
            int filled = bracket.Entry.Filled;
            ledger.Fill(bracket.Key, bracket.Entry, bracket.Buys, filled, 0);
            if (filled > bracket.Covered)
                Cover(bracket, filled - bracket.Covered);
            foreach (Leg leg in bracket.Legs.ToArray())
                if (!leg.Closed)
                    TendLeg(bracket, leg);
        }

        // A flatten closes what the entry has filled, and its exits would only stand in its way. Once it is flat that is settled;
        // where it gives up, everything is ours to protect as before.
        private bool IsFlattening(Bracket bracket)
        {
            if (gate.IsShut(bracket.Account.Name))
            {
                foreach (Leg leg in bracket.Legs)
                    leg.Taken = true;
                return true;
            }
            int timesFlat = gate.TimesFlat(bracket.Account.Name);
            if (timesFlat == bracket.TimesFlat)
                return false;
            bracket.TimesFlat = timesFlat;
            bracket.Covered = bracket.Entry.Filled;
            bracket.Doubtful = false;
            foreach (Leg leg in bracket.Legs)
                leg.Closed = true;
            return false;
        }

        // Done means that the entry is in the platform's hands.
        private void AnswerEntry(Bracket bracket)
        {
            string state = Words.State(bracket.Entry.OrderState);
            if (bracket.Answered || state == "submitted" || state == "unknown")
                return;
            bracket.Answered = true;
            bool refused = state == "rejected" || (state == "cancelled" && bracket.Entry.Filled == 0);
            answer(bracket.CommandId, bracket.Number, refused ? "failed" : "done", refused ? "rejected-by-platform" : null);
        }

        private int Room(Bracket bracket)
        {
            int closing = Closing(bracket);
            int net = ledger.Quantity(bracket.Key) * (bracket.Buys ? 1 : -1) - closing;
            foreach (Bracket other in brackets)
                if (other.Key == bracket.Key)
                    net -= other.Live;
            return Math.Max(0, net);
        }

        // The closing order of a flatten that gave up may still fill: what it closes must not be closed twice.
        private int Closing(Bracket bracket)
        {
            int left = 0;
            foreach (Order order in Accounts.Orders(bracket.Account))
            {
                if (order.Name != Flattening.OrderName || order.Instrument.FullName != bracket.Instrument.FullName
                    || Words.Buys(order.OrderAction) == bracket.Buys)
                    continue;
                int filled = order.Filled;
                ledger.Fill(bracket.Key, order, !bracket.Buys, filled, 0);
                left += Words.IsFinal(order) ? 0 : order.Quantity - filled;
            }
            return left;
        }

        // The first target gets the larger half of the whole, the second what is left.
        private void Cover(Bracket bracket, int more)
        {
            int half = bracket.Target2 > 0 ? (bracket.Quantity + 1) / 2 : bracket.Quantity;
            int quantity = Math.Min(more, Room(bracket));
            int first = Math.Max(0, Math.Min(quantity, half - bracket.First));
            // Filled and not held: closed by hand meanwhile, or the position is late. After a while it is the former.
            if (quantity == more)
                bracket.ShortSince = 0;
            else if (bracket.ShortSince == 0 || Closing(bracket) > 0)
                bracket.ShortSince = Clock.Now();
            bool late = quantity < more && Math.Abs(Clock.Now() - bracket.ShortSince) < ExcessMs;
            bracket.Doubtful |= quantity < more && !late;
            bracket.Covered += late ? quantity : more;
            bracket.First += first;
            if (first > 0)
                Protect(bracket, first, bracket.Target1);
            if (quantity > first)
                Protect(bracket, quantity - first, bracket.Target2 > 0 ? bracket.Target2 : bracket.Target1);
        }

        private void Protect(Bracket bracket, int quantity, double target)
        {
            Account account = bracket.Account;
            if (!gate.Enter(account.Name))
            {
                Owe(bracket, quantity, target);
                return;
            }
            Leg leg = new Leg { Quantity = quantity, TargetPrice = target };
            try
            {
                string oco = target > 0 ? "CoPilot" + Guid.NewGuid().ToString("N") : "";
                OrderAction action = bracket.Buys ? OrderAction.Sell : OrderAction.BuyToCover;
                leg.Stop = account.CreateOrder(bracket.Instrument, action, OrderType.StopMarket, OrderEntry.Automated, TimeInForce.Day,
                    quantity, 0, bracket.Stop, oco, bracket.Name("stop"), NinjaTrader.Core.Globals.MaxDate, null);
                if (target > 0)
                    leg.Target = account.CreateOrder(bracket.Instrument, action, OrderType.Limit, OrderEntry.Automated, TimeInForce.Day,
                        quantity, target, 0, oco, bracket.Name("target"), NinjaTrader.Core.Globals.MaxDate, null);
                account.Submit(leg.Target == null ? new[] { leg.Stop } : new[] { leg.Stop, leg.Target });
                bracket.Legs.Add(leg);
                return;
            }
            catch (Exception fault)
            {
                journalist.Fault("The stop of " + bracket.Name("entry"), fault);
            }
            finally
            {
                gate.Leave(account.Name);
            }
            Unguarded(bracket);
            Cancel(account, bracket.Entry, leg.Stop, leg.Target);
            CloseAtMarket(bracket, quantity);
        }

        // So many have no exits after all: they are covered anew.
        private static void Owe(Bracket bracket, int quantity, double target)
        {
            bracket.Covered -= quantity;
            if (target == bracket.Target1)
                bracket.First -= quantity;
        }

        // The bracket was answered with its entry: what happens later is told, not answered.
        private void Unguarded(Bracket bracket)
        {
            journalist.Incident("The stop of " + bracket.Name("entry") + " was rejected: its fill is closed at market.");
        }

        /// <summary>At most what is held; null when that is nothing, or while the account is being flattened.</summary>
        private Order CloseAtMarket(Bracket bracket, int most)
        {
            int held = ledger.Quantity(bracket.Key) * (bracket.Buys ? 1 : -1);
            int quantity = Math.Min(most, held);
            if (quantity < 1 || !gate.Enter(bracket.Account.Name))
                return null;
            try
            {
                Order order = bracket.Account.CreateOrder(bracket.Instrument, bracket.Buys ? OrderAction.Sell : OrderAction.BuyToCover,
                    OrderType.Market, OrderEntry.Automated, TimeInForce.Day, quantity, 0, 0, "", bracket.Name("close"),
                    NinjaTrader.Core.Globals.MaxDate, null);
                bracket.Account.Submit(new[] { order });
                return order;
            }
            finally
            {
                gate.Leave(bracket.Account.Name);
            }
        }

        private void TendLeg(Bracket bracket, Leg leg)
        {
            if (leg.Stop.OrderState == OrderState.Rejected && !leg.Unprotected)
            {
                leg.Unprotected = true;
                Unguarded(bracket);
                Cancel(bracket.Account, bracket.Entry, leg.Target);
            }
            if (leg.Unprotected)
                CloseUnprotected(bracket, leg);
            else if (leg.Filled >= leg.Quantity)
                leg.Closed = true;
            else if (leg.IsOver)
                Renew(bracket, leg);
            else if (leg.Filled > 0 && leg.Target != null)
                Balance(bracket, leg);
        }

        // The target goes first: together with the closing order it could sell more than there is.
        private void CloseUnprotected(Bracket bracket, Leg leg)
        {
            if (leg.Closing == null && (leg.Target == null || Words.IsFinal(leg.Target)))
            {
                leg.Closing = CloseAtMarket(bracket, leg.Remaining);
                leg.Closed = leg.Closing == null;
            }
            else if (leg.Closing != null && Words.IsFinal(leg.Closing))
            {
                if (leg.Remaining > 0)
                    journalist.Incident(leg.Remaining + " of " + bracket.Name("entry") + " could not be closed: close by hand.");
                leg.Closed = true;
            }
        }

        // Both exits are over and contracts are left. What the platform took away is put back, and so is what a flatten took that
        // gave up. Otherwise the trader took it away, and it is his to take.
        private void Renew(Bracket bracket, Leg leg)
        {
            int left = leg.Remaining;
            leg.Closed = true;
            if (leg.Taken)
            {
                Owe(bracket, left, leg.TargetPrice);
                return;
            }
            int quantity = leg.IsOverByPlatform ? Math.Min(left, Room(bracket)) : 0;
            if (quantity > 0)
                Protect(bracket, quantity, leg.Filled > 0 ? leg.TargetPrice : 0);
        }

        // One exit filled in part: the other may not be larger than what is left.
        private void Balance(Bracket bracket, Leg leg)
        {
            Order other = leg.Stop.Filled > 0 ? leg.Target : leg.Stop;
            Order filling = other == leg.Stop ? leg.Target : leg.Stop;
            if (Words.IsFinal(other))
                Cancel(bracket.Account, filling);
            else
                Resize(bracket.Account, other, other.Filled + leg.Remaining);
        }

        private static void Resize(Account account, Order order, int quantity)
        {
            OrderState state = order.OrderState;
            bool resting = state == OrderState.Working || state == OrderState.Accepted || state == OrderState.PartFilled;
            if (!resting || order.Quantity <= quantity)
                return;
            order.QuantityChanged = quantity;
            account.Change(new[] { order });
        }

        private static void Cancel(Account account, params Order[] orders)
        {
            List<Order> cancel = new List<Order>();
            foreach (Order order in orders)
                if (order != null && order.OrderState != OrderState.Initialized && !Words.IsFinal(order)
                    && Words.State(order.OrderState) != "cancel-pending")
                    cancel.Add(order);
            if (cancel.Count > 0)
                account.Cancel(cancel.ToArray());
        }

        // The trader closed by hand what our exits still cover: they would open a position the other way. Three seconds of
        // doubt first, for a position that is merely late.
        private void CancelExcess()
        {
            HashSet<string> done = new HashSet<string>();
            foreach (Bracket bracket in brackets.ToArray())
            {
                if (!done.Add(bracket.Key))
                    continue;
                int excess = Excess(bracket);
                long since;
                if (excess <= 0)
                    excessSince.Remove(bracket.Key);
                else if (!excessSince.TryGetValue(bracket.Key, out since))
                    excessSince[bracket.Key] = Clock.Now();
                else if (Math.Abs(Clock.Now() - since) > ExcessMs)
                    Reduce(bracket.Key, excess);
            }
        }

        private int Excess(Bracket bracket)
        {
            int live = 0;
            foreach (Bracket other in brackets)
                if (other.Key == bracket.Key)
                    live += other.Live;
            if (live == 0)
                return 0;
            Look look = Accounts.LookAt(bracket.Account, ledger);
            if (!look.Known || !look.Settled)
                return 0;
            int held = look.Quantity(bracket.Instrument.FullName) * (bracket.Buys ? 1 : -1);
            return live - Math.Max(0, held);
        }

        private void Reduce(string key, int excess)
        {
            foreach (Bracket bracket in brackets)
                foreach (Leg leg in bracket.Legs)
                {
                    if (bracket.Key != key || leg.Closed || leg.IsOver || excess <= 0)
                        continue;
                    int off = Math.Min(excess, leg.Remaining);
                    int left = leg.Remaining - off;
                    excess -= off;
                    if (left == 0)
                        Cancel(bracket.Account, leg.Stop, leg.Target);
                    else
                    {
                        leg.Quantity -= off;
                        Resize(bracket.Account, leg.Stop, leg.Stop.Filled + left);
                        if (leg.Target != null)
                            Resize(bracket.Account, leg.Target, leg.Target.Filled + left);
                    }
                }
        }

        // After a restart: entries of ours that the platform still knows are tended again, with the exits they have.
        private void RecoverNow()
        {
            foreach (string[] fields in journal.Brackets())
                try
                {
                    bool known = brackets.Exists(delegate(Bracket other) { return Text(other.Number) == fields[1]; });
                    Bracket bracket = known ? null : Remember(fields);
                    if (bracket == null)
                        continue;
                    brackets.Add(bracket);
                    hasBrackets = true;
                }
                catch (Exception fault)
                {
                    journalist.Fault("A bracket of before", fault);
                }
        }

        private Bracket Remember(string[] fields)
        {
            Account account = Accounts.Find(fields[2]);
            Instrument instrument = Instrument.GetInstrument(fields[3]);
            if (account == null || instrument == null)
                return null;
            Accounts.LookAt(account, ledger);
            Bracket bracket = new Bracket
            {
                CommandId = journal.Unanswered(long.Parse(fields[1], CultureInfo.InvariantCulture)),
                Number = long.Parse(fields[1], CultureInfo.InvariantCulture),
                Account = account,
                Instrument = instrument,
                Buys = fields[4] == "buy",
                Quantity = int.Parse(fields[5], CultureInfo.InvariantCulture),
                Stop = Price(fields[6]),
                Target1 = Price(fields[7]),
                Target2 = Price(fields[8]),
                Tag = "",
                TimesFlat = gate.TimesFlat(account.Name)
            };
            bracket.Answered = bracket.CommandId.Length == 0;
            List<Order> orders = Accounts.Orders(account);
            bracket.Entry = orders.Find(delegate(Order order) { return IsPart(order, bracket, "entry"); });
            if (bracket.Entry == null || (Words.IsFinal(bracket.Entry) && bracket.Entry.Filled == 0))
                return null;
            foreach (Order order in orders)
                if (IsPart(order, bracket, "stop"))
                    RememberLeg(bracket, order, orders);
            bracket.Covered = Math.Min(bracket.Covered, bracket.Entry.Filled);
            return bracket;
        }

        private static void RememberLeg(Bracket bracket, Order stop, List<Order> orders)
        {
            Leg leg = new Leg { Stop = stop };
            leg.Target = orders.Find(delegate(Order order)
            {
                return IsPart(order, bracket, "target") && !string.IsNullOrEmpty(stop.Oco) && order.Oco == stop.Oco;
            });
            if (leg.Target != null)
                leg.TargetPrice = leg.Target.LimitPrice;
            leg.Closed = leg.IsOver;
            leg.Quantity = Whole(leg);
            bracket.Covered += leg.Quantity;
            if (leg.TargetPrice == bracket.Target1)
                bracket.First += leg.Quantity;
            bracket.Legs.Add(leg);
        }

        // What one half of a pair fills is taken off the other, so that only their fills and what is left of the smaller tell its
        // size. What the platform took away was put back as a pair of its own, or is to be.
        private static int Whole(Leg leg)
        {
            int left = leg.Stop.Quantity - leg.Stop.Filled;
            if (leg.Target != null)
                left = Math.Min(left, leg.Target.Quantity - leg.Target.Filled);
            return leg.Filled + (leg.IsOverByPlatform ? 0 : Math.Max(0, left));
        }

        private static bool IsPart(Order order, Bracket bracket, string part)
        {
            string name = "CoPilot " + bracket.Number + " " + part;
            return order.Name != null && (order.Name == name || order.Name.StartsWith(name + " ", StringComparison.Ordinal))
                && order.Instrument.FullName == bracket.Instrument.FullName;
        }

        private static double Price(string text)
        {
            double price;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out price) ? price : 0;
        }
    }

    /// <summary>The newest price of an instrument. Written by the platform's threads, read four times a second.</summary>
    internal sealed class Quote
    {
        internal readonly Instrument Instrument;
        internal double Last, Bid, Ask;
        internal volatile bool IsNew;

        internal Quote(Instrument instrument)
        {
            Instrument = instrument;
        }
    }

    /// <summary>A batch on its way: its bytes do not change until it is answered.</summary>
    internal sealed class Batch
    {
        internal long Number, End;
        internal int FromOutbox;
        internal bool HasHello;
        internal List<string> Events;
        internal string Body;
    }

    /// <summary>Everything that runs between Configure and Terminated.</summary>
    internal sealed class Bridge
    {
        internal const string Version = "1.0.0";
        private const int MostEvents = 200;
        private const int MostBytes = 200 * 1024;
        private const int MostFleeting = 200;
        private const int StaleMs = 5000;

        private static int threads;

        private readonly string userFolder;
        private readonly ManualResetEvent ending = new ManualResetEvent(false);
        private readonly AutoResetEvent written = new AutoResetEvent(false);
        private readonly AutoResetEvent noted = new AutoResetEvent(false);
        private readonly ConcurrentQueue<Note> notes = new ConcurrentQueue<Note>();
        private readonly BlockingCollection<string> resultsForWatchdog = new BlockingCollection<string>();
        private readonly ConcurrentDictionary<string, bool> changedPositions = new ConcurrentDictionary<string, bool>();
        private readonly ConcurrentDictionary<string, bool> changedBalances = new ConcurrentDictionary<string, bool>();
        private readonly ConcurrentDictionary<string, bool> toldExecutions = new ConcurrentDictionary<string, bool>();
        private readonly ConcurrentDictionary<Instrument, Quote> quotes = new ConcurrentDictionary<Instrument, Quote>();
        private readonly FillLedger ledger = new FillLedger();
        private readonly OrderGate gate = new OrderGate();
        private readonly WaysOut waysOut = new WaysOut();
        private readonly Journalist journalist;

        // What may be replaced or dropped, and who listens where; plain memory, nobody is called under it.
        private readonly object turn = new object();
        private readonly Dictionary<string, string> newest = new Dictionary<string, string>();
        private readonly Queue<string> logs = new Queue<string>();
        private readonly Queue<KeyValuePair<long, string>> fleeting = new Queue<KeyValuePair<long, string>>();
        private readonly HashSet<Account> hooked = new HashSet<Account>();

        private Settings settings;
        private FileStream exclusive;
        private Outbox outbox;
        private Journal journal;
        private Line line;
        // Null where none is set.
        private Line watchdog;
        private Desk desk;
        private volatile bool stopping, rehook, sayHello = true;
        private volatile int unsaved;
        private long boot, counter, dropped, marketAt;
        private string prefix;
        private int running;

        internal Bridge(string userFolder)
        {
            this.userFolder = userFolder;
            journalist = new Journalist(Log);
            NewBoot();
        }

        /// <summary>Threads of every bridge of this program that did not end yet.</summary>
        internal static int Threads
        {
            get { return Thread.VolatileRead(ref threads); }
        }

        internal int WaitingExecutions
        {
            get { return notes.Count + unsaved + (outbox == null ? 0 : outbox.Waiting); }
        }

        internal int WaitingMarket
        {
            get { lock (turn) return fleeting.Count; }
        }

        /// <summary>Returns at once: whatever takes time is done by a thread of ours.</summary>
        internal void Start()
        {
            Go("start", Open);
        }

        /// <summary>Returns at once: the threads end by themselves, and the last one closes the files.</summary>
        internal void Stop()
        {
            stopping = true;
            ending.Set();
            Connection.ConnectionStatusUpdate -= OnConnection;
            List<Account> accounts;
            lock (turn)
            {
                accounts = new List<Account>(hooked);
                hooked.Clear();
            }
            foreach (Account account in accounts)
                Unhook(account);
            foreach (Quote quote in quotes.Values)
                Subscribe(quote.Instrument, false);
            if (line != null)
                line.Close();
            if (watchdog != null)
                watchdog.Close();
        }

        private void Go(string name, Action body)
        {
            Interlocked.Increment(ref threads);
            Interlocked.Increment(ref running);
            Thread thread = new Thread(delegate()
            {
                try
                {
                    body();
                }
                catch (Exception fault)
                {
                    journalist.Fault("Thread " + name, fault);
                }
                finally
                {
                    if (Interlocked.Decrement(ref running) == 0)
                        CloseFiles();
                    Interlocked.Decrement(ref threads);
                }
            });
            thread.IsBackground = true;
            thread.Name = "CoPilotBridge " + name;
            thread.Start();
        }

        private void CloseFiles()
        {
            try
            {
                if (outbox != null)
                    outbox.Dispose();
                if (journal != null)
                    journal.Dispose();
                if (exclusive != null)
                    exclusive.Dispose();
            }
            catch (Exception fault)
            {
                journalist.Fault("Closing the files", fault);
            }
        }

        private void Open()
        {
            settings = Settings.Read(Path.Combine(userFolder, Settings.FileName));
            if (!settings.IsComplete)
            {
                Journalist.Print("Url and Token are missing in " + Path.Combine(userFolder, Settings.FileName) + ". The bridge rests.");
                return;
            }
            string folder = Path.Combine(userFolder, "CoPilotBridge");
            Directory.CreateDirectory(folder);
            if (!TakeFolder(Path.Combine(folder, "lock")))
                return;
            if (!OpenFiles(folder))
                return;
            line = new Line(settings.Url, settings.Token, settings.Bridge);
            if (settings.HasWatchdog)
                watchdog = new Line(settings.WatchdogUrl, settings.WatchdogToken, settings.Bridge);
            else if (settings.WatchdogUrl.Length + settings.WatchdogToken.Length > 0)
                journalist.Quietly("WatchdogUrl and WatchdogToken belong together: there is no watchdog.");
            desk = new Desk(settings, journal, ledger, gate, journalist, line.TheirNow, AnswerCommand);
            foreach (JournalEntry entry in journal.Interrupted())
                AnswerCommand(entry.Id, entry.Number, "failed", "exception");
            Connection.ConnectionStatusUpdate += OnConnection;
            if (stopping)
                Connection.ConnectionStatusUpdate -= OnConnection;
            Go("write", Write);
            Go("desk", delegate { desk.Run(ending); });
            Watch();
        }

        // After a compile the instance of before is another type with statics of its own: only the file tells us that it ended.
        private bool TakeFolder(string path)
        {
            while (!stopping)
                try
                {
                    exclusive = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return true;
                }
                catch (IOException)
                {
                    ending.WaitOne(100);
                }
            return false;
        }

        // A virus scanner or a synchronized folder may hold a file for a while.
        private bool OpenFiles(string folder)
        {
            for (; !stopping; ending.WaitOne(5000))
                try
                {
                    if (outbox == null)
                        outbox = new Outbox(folder);
                    journal = new Journal(folder);
                    return true;
                }
                catch (Exception fault)
                {
                    journalist.Fault("The bridge's files", fault);
                }
            return false;
        }

        // ---- Handlers: on the platform's threads. Copy, enqueue, return.

        private void OnConnection(object sender, ConnectionStatusEventArgs e)
        {
            rehook = true;
        }

        private void OnOrder(object sender, OrderEventArgs e)
        {
            try
            {
                Order order = e == null ? null : e.Order;
                Account account = order == null ? null : order.Account ?? sender as Account;
                if (account == null || order.Instrument == null || e.Quantity < 1 || e.OrderState == OrderState.Initialized)
                    return;
                OrderNote note = Words.Note(order, account);
                if (note.OrderId.Length == 0)
                    return;
                // The event says what was true at its time; the order may be ahead of it.
                note.State = Words.State(e.OrderState);
                note.Quantity = e.Quantity;
                note.Filled = e.Filled;
                note.AveragePrice = e.AverageFillPrice;
                note.LimitPrice = e.LimitPrice;
                note.StopPrice = e.StopPrice;
                if (e.Error != ErrorCode.NoError)
                    note.Reason = Words.Cut((e.Error + " " + e.Comment).Trim(), 200);
                string key = FillLedger.Key(account.Name, note.Instrument);
                ledger.Fill(key, order, note.Side == "buy", e.Filled, 0);
                Enqueue(note, NextId(), Clock.FromPlatform(e.Time));
                Changed(account);
            }
            catch (Exception fault)
            {
                journalist.Fault("An order event", fault);
            }
        }

        private void OnExecution(object sender, ExecutionEventArgs e)
        {
            try
            {
                if (e == null || e.Operation == Operation.Remove)
                    return;
                Take(e.Execution, sender as Account, true);
            }
            catch (Exception fault)
            {
                journalist.Fault("An execution event", fault);
            }
        }

        private void OnPosition(object sender, PositionEventArgs e)
        {
            try
            {
                Account account = sender as Account ?? (e == null || e.Position == null ? null : e.Position.Account);
                if (account != null)
                    Changed(account);
            }
            catch (Exception fault)
            {
                journalist.Fault("A position event", fault);
            }
        }

        private void OnBalance(object sender, AccountItemEventArgs e)
        {
            try
            {
                Account account = e == null ? null : e.Account ?? sender as Account;
                if (account != null && account.Name != null)
                    changedBalances[account.Name] = true;
            }
            catch (Exception fault)
            {
                journalist.Fault("An account event", fault);
            }
        }

        private void OnMarket(object sender, MarketDataEventArgs e)
        {
            try
            {
                Quote quote;
                if (e == null || e.IsReset || e.Instrument == null || !quotes.TryGetValue(e.Instrument, out quote))
                    return;
                if (e.MarketDataType == MarketDataType.Last)
                    quote.Last = e.Price;
                else if (e.MarketDataType == MarketDataType.Bid)
                    quote.Bid = e.Price;
                else if (e.MarketDataType == MarketDataType.Ask)
                    quote.Ask = e.Price;
                else
                    return;
                quote.IsNew = true;
                Interlocked.Exchange(ref marketAt, Clock.Now());
            }
            catch (Exception fault)
            {
                journalist.Fault("A price event", fault);
            }
        }

        // The start of a session repeats positions as executions: those are no fills.
        private void Take(Execution execution, Account fallback, bool fresh)
        {
            Account account = execution == null ? null : execution.Account ?? fallback;
            bool usable = account != null && account.Name != null && execution.Instrument != null && execution.Quantity > 0 && !execution.IsSod
                && !string.IsNullOrEmpty(execution.ExecutionId) && execution.MarketPosition != MarketPosition.Flat;
            string id = usable ? ExecutionKey(account.Name, execution.ExecutionId) : null;
            if (id == null || !toldExecutions.TryAdd(id, true))
                return;
            Order order = execution.Order;
            bool buys = execution.MarketPosition == MarketPosition.Long;
            ExecutionNote note = new ExecutionNote
            {
                Account = account.Name,
                ExecutionId = execution.ExecutionId,
                OrderId = OrderOf(execution),
                OrderName = Words.Cut(order == null ? execution.Name : order.Name, 50),
                Instrument = execution.Instrument.FullName,
                Side = Words.Side(buys),
                Quantity = execution.Quantity,
                Price = execution.Price,
                Commission = execution.Commission + execution.Fee
            };
            if (fresh)
                ledger.Fill(FillLedger.Key(account.Name, note.Instrument), order, buys, 0, execution.Quantity);
            Enqueue(note, id, Clock.FromPlatform(execution.Time));
            Changed(account);
        }

        // An execution of an earlier day comes without its order, perhaps even without its number.
        private static string OrderOf(Execution execution)
        {
            string id = execution.Order == null ? execution.OrderId : Words.OrderId(execution.Order);
            return Words.Cut(string.IsNullOrEmpty(id) ? execution.ExecutionId : id, 64);
        }

        private void Changed(Account account)
        {
            if (account.Name != null)
                changedPositions[account.Name] = true;
            Desk tending = desk;
            if (tending != null)
                tending.Touch();
        }

        // The same after a restart: an execution told again is known.
        private static string ExecutionKey(string account, string executionId)
        {
            string key = "x:" + account + ":" + executionId;
            return key.Length <= 64 ? key : "x:" + Signature.Digest(key);
        }

        private string NextId()
        {
            return prefix + Interlocked.Increment(ref counter).ToString(CultureInfo.InvariantCulture);
        }

        private void Enqueue(Note note, string id, long at)
        {
            note.Id = id;
            note.At = at;
            notes.Enqueue(note);
            noted.Set();
        }

        private void TellResult(string command, string state, string reason)
        {
            ResultNote note = new ResultNote { Command = command, State = state, Reason = reason };
            Enqueue(note, NextId(), Clock.Now());
            if (watchdog != null && Journal.IsWatchdogs(command))
                resultsForWatchdog.Add(note.ToJson());
        }

        private void AnswerCommand(string id, long number, string state, string reason)
        {
            if (id.Length == 0)
                return;
            try
            {
                if (state != "working")
                    journal.Record(number, id, state, reason);
            }
            catch (Exception fault)
            {
                journalist.Fault("The journal", fault);
            }
            TellResult(id, state, reason);
        }

        private void Log(string level, string text)
        {
            string json = Event("log").Add("level", level).Add("text", Words.Cut(text, 500)).ToString();
            lock (turn)
            {
                logs.Enqueue(json);
                if (logs.Count > 50)
                    logs.Dequeue();
            }
        }

        private JsonObject Event(string kind)
        {
            return new JsonObject().Add("id", NextId()).Add("at", Clock.Now()).Add("kind", kind);
        }

        // ---- Watching: snapshots, prices and the heartbeat.

        private void Watch()
        {
            bool started = false;
            long beatAt = 0, priceAt = 0, sweepAt = 0, snapshotAt = 0, balanceAt = 0;
            for (; !stopping; ending.WaitOne(50))
                try
                {
                    long now = Clock.Now();
                    if (rehook || IsDue(ref sweepAt, now, 1000))
                        Sweep();
                    if (!started)
                    {
                        started = true;
                        Go("send", Send);
                        Go("commands", Listen);
                        if (watchdog != null)
                        {
                            Go("watchdog", ListenToWatchdog);
                            Go("watchdog results", TellWatchdog);
                        }
                    }
                    // Nothing is told before the hello that it follows.
                    if (sayHello)
                        continue;
                    if (IsDue(ref snapshotAt, now, 5000))
                        foreach (Account account in Accounts.All())
                            changedPositions[account.Name] = changedBalances[account.Name] = true;
                    if (changedBalances.Count > 0 && IsDue(ref balanceAt, now, 1000))
                        Each(changedBalances, TellBalance);
                    Each(changedPositions, TellPositions);
                    if (IsDue(ref priceAt, now, 250))
                        TellPrices();
                    if (IsDue(ref beatAt, now, 1000))
                        TellHeartbeat();
                }
                catch (Exception fault)
                {
                    journalist.Fault("Watching the accounts", fault);
                    ending.WaitOne(1000);
                }
        }

        private static bool IsDue(ref long at, long now, int everyMs)
        {
            if (Math.Abs(now - at) < everyMs)
                return false;
            at = now;
            return true;
        }

        private static void Each(ConcurrentDictionary<string, bool> names, Action<string> tell)
        {
            foreach (string name in names.Keys)
            {
                bool changed;
                if (names.TryRemove(name, out changed))
                    tell(name);
            }
        }

        // Accounts come with their connection. After a broken one the old subscription may be dead: hook again.
        private void Sweep()
        {
            bool again = rehook;
            rehook = false;
            bool changed = false;
            foreach (Account account in Accounts.All())
            {
                lock (turn)
                    if (!hooked.Add(account) && !again)
                        continue;
                changed = true;
                Hook(account);
                foreach (Order order in Accounts.Orders(account))
                    ledger.Seed(order, order.Filled);
                foreach (Execution execution in Accounts.Executions(account))
                    Take(execution, account, false);
                changedPositions[account.Name] = changedBalances[account.Name] = true;
            }
            settings.Instruments.RemoveAll(delegate(string name)
            {
                Instrument instrument = Instrument.GetInstrument(name);
                Watch(instrument);
                return instrument != null;
            });
            if (changed)
                desk.Recover();
        }

        private void Hook(Account account)
        {
            Unhook(account);
            account.OrderUpdate += OnOrder;
            account.ExecutionUpdate += OnExecution;
            account.PositionUpdate += OnPosition;
            account.AccountItemUpdate += OnBalance;
            if (stopping)
                Unhook(account);
        }

        private void Unhook(Account account)
        {
            account.OrderUpdate -= OnOrder;
            account.ExecutionUpdate -= OnExecution;
            account.PositionUpdate -= OnPosition;
            account.AccountItemUpdate -= OnBalance;
        }

        private void Watch(Instrument instrument)
        {
            if (instrument != null && quotes.TryAdd(instrument, new Quote(instrument)))
                Subscribe(instrument, true);
        }

        // On the instrument's own thread, as NinjaTrader asks, and without waiting for it.
        private void Subscribe(Instrument instrument, bool on)
        {
            if (instrument.Dispatcher == null || instrument.Dispatcher.HasShutdownStarted)
                return;
            instrument.Dispatcher.InvokeAsync(delegate
            {
                try
                {
                    if (instrument.MarketData == null)
                        return;
                    if (on && !stopping)
                        instrument.MarketData.Update += OnMarket;
                    else if (!on)
                        instrument.MarketData.Update -= OnMarket;
                }
                catch (Exception fault)
                {
                    journalist.Fault("A price subscription", fault);
                }
            });
        }

        private void TellPositions(string name)
        {
            Account account = Accounts.Find(name);
            if (account == null || account.Positions == null || account.Orders == null)
                return;
            // Without a connection the platform's lists are empty, which is not the same as flat.
            if (account.ConnectionStatus != ConnectionStatus.Connected && account.ConnectionStatus != ConnectionStatus.ConnectionLost)
                return;
            Look look = Accounts.LookAt(account, ledger);
            List<string> positions = new List<string>();
            List<string> orders = new List<string>();
            foreach (Position position in look.Held)
            {
                Watch(position.Instrument);
                positions.Add(new JsonObject().Add("instrument", position.Instrument.FullName).Add("quantity", Look.Signed(position))
                    .Add("averagePrice", position.AveragePrice).AddKnown("unrealized", Unrealized(position)).ToString());
            }
            foreach (Order order in look.Working)
            {
                Watch(order.Instrument);
                if (Words.OrderId(order).Length > 0)
                    orders.Add(Words.Note(order, account).Order());
            }
            Replace("positions " + name, Event("positions").Add("account", name).Raw("positions", JsonObject.List(positions))
                .Raw("orders", JsonObject.List(orders)).ToString());
        }

        private static double? Unrealized(Position position)
        {
            try
            {
                return position.GetUnrealizedProfitLoss(PerformanceUnit.Currency);
            }
            catch (Exception)
            {
                // There is no price yet.
                return null;
            }
        }

        private void TellBalance(string name)
        {
            Account account = Accounts.Find(name);
            if (account == null || account.ConnectionStatus == ConnectionStatus.Disconnected)
                return;
            double realized = account.Get(AccountItem.RealizedProfitLoss, Currency.UsDollar);
            double gross = account.Get(AccountItem.GrossRealizedProfitLoss, Currency.UsDollar);
            // A provider that keeps two figures took the commissions off the first. With one figure nobody can tell.
            string basis = gross != 0 && Math.Abs(gross - realized) > 0.005 ? "net" : "unknown";
            Replace("account " + name, Event("account").Add("account", name).AddKnown("cash", Kept(account, AccountItem.CashValue))
                .AddKnown("realized", realized).AddKnown("unrealized", account.Get(AccountItem.UnrealizedProfitLoss, Currency.UsDollar))
                .AddKnown("netLiquidation", Kept(account, AccountItem.NetLiquidation)).Add("basis", basis).ToString());
        }

        // 0 is how the platform says that the provider does not tell.
        private static double? Kept(Account account, AccountItem item)
        {
            double value = account.Get(item, Currency.UsDollar);
            return value == 0 ? (double?)null : value;
        }

        private void TellPrices()
        {
            foreach (Quote quote in quotes.Values)
            {
                if (!quote.IsNew || quote.Last == 0)
                    continue;
                quote.IsNew = false;
                JsonObject price = Event("price").Add("instrument", quote.Instrument.FullName).Add("last", quote.Last);
                DropOldest(price.AddKnown("bid", Known(quote.Bid)).AddKnown("ask", Known(quote.Ask)).ToString());
            }
        }

        private static double? Known(double price)
        {
            return price == 0 ? (double?)null : price;
        }

        private void TellHeartbeat()
        {
            List<string> connections = new List<string>();
            foreach (Connection connection in Connections())
                connections.Add(new JsonObject().Add("name", ConnectionName(connection)).Add("price", Words.Connection(connection.PriceStatus))
                    .Add("orders", Words.Connection(connection.Status)).ToString());
            JsonObject beat = Event("heartbeat").Raw("connections", JsonObject.List(connections));
            long at = Interlocked.Read(ref marketAt);
            if (at > 0)
                beat.Add("marketDataAt", at);
            beat.Raw("queues", new JsonObject().Add("executions", WaitingExecutions).Add("market", WaitingMarket).ToString());
            DropOldest(beat.Add("dropped", Interlocked.Read(ref dropped)).ToString());
        }

        private static List<Connection> Connections()
        {
            List<Connection> connections = new List<Connection>();
            lock (Connection.Connections)
                foreach (Connection connection in Connection.Connections)
                    if (connection != null)
                        connections.Add(connection);
            return connections;
        }

        private static string ConnectionName(Connection connection)
        {
            return connection == null || connection.Options == null || string.IsNullOrEmpty(connection.Options.Name)
                ? "none"
                : Words.Cut(connection.Options.Name, 64);
        }

        private void Replace(string key, string json)
        {
            lock (turn)
            {
                newest.Remove(key);
                newest.Add(key, json);
            }
            written.Set();
        }

        private void DropOldest(string json)
        {
            lock (turn)
            {
                fleeting.Enqueue(new KeyValuePair<long, string>(Clock.Now(), json));
                if (fleeting.Count > MostFleeting)
                {
                    fleeting.Dequeue();
                    dropped++;
                }
            }
            written.Set();
        }

        // ---- Writing: what must arrive goes to the disk first.

        private void Write()
        {
            List<string> lines = new List<string>();
            WaitHandle[] wakes = { noted, ending };
            bool last = false;
            while (!last)
            {
                last = stopping;
                try
                {
                    Note note;
                    unsaved = notes.IsEmpty ? lines.Count : lines.Count + 1;
                    while (lines.Count < 5000 && notes.TryDequeue(out note))
                        lines.Add(note.ToJson());
                    unsaved = lines.Count;
                    if (lines.Count > 0)
                        outbox.Append(lines);
                    lines.Clear();
                    unsaved = 0;
                    written.Set();
                }
                catch (Exception fault)
                {
                    journalist.Fault("The file of unsent events", fault);
                    ending.WaitOne(1000);
                    continue;
                }
                if (notes.IsEmpty)
                    WaitHandle.WaitAny(wakes, 1000);
            }
        }

        // ---- Sending: one batch at a time, the same bytes until it is answered.

        private void NewBoot()
        {
            Interlocked.Exchange(ref boot, Clock.Now());
            if (prefix == null)
                prefix = boot.ToString("x", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N").Substring(0, 6) + "-";
        }

        private void Send()
        {
            BackOff backOff = new BackOff();
            Batch batch = null;
            long number = 1, snapshotsAt = 0;
            int most = MostEvents, refusals = 0;
            bool broken = false;
            while (!stopping)
                try
                {
                    if (batch == null)
                        batch = Pack(number, most, ref snapshotsAt);
                    if (batch == null)
                    {
                        written.WaitOne(200);
                        continue;
                    }
                    Answer answer = line.Post("/api/bridge/v1/events", batch.Body);
                    if (answer.Status == 200 && IsAnswered(batch, answer.Body))
                    {
                        Forget(batch);
                        batch = null;
                        number++;
                        most = MostEvents;
                        backOff.Reset();
                        sayHello |= broken || answer.AsksHello;
                        broken = false;
                        continue;
                    }
                    if (stopping)
                        return;
                    refusals = answer.Status == 409 ? refusals + 1 : 0;
                    if (refusals > 1)
                    {
                        // Our numbers are not believed any more: a new boot, from 1, which begins with its hello.
                        refusals = 0;
                        NewBoot();
                        number = 1;
                        batch = null;
                        sayHello = true;
                    }
                    else if (BlamesEvents(answer) || (answer.Status == 413 && batch.Events.Count > 1))
                    {
                        // Not taken, so that its number is still free. The search for the event at fault is not delayed, and the
                        // way is whole: between two halves there is no need of a hello.
                        bool alone = batch.Events.Count == 1;
                        most = Math.Max(1, batch.Events.Count / 2);
                        sayHello |= batch.HasHello && !alone;
                        if (alone)
                            Discard(batch, answer);
                        batch = null;
                        ending.WaitOne(alone ? backOff.NextMs() : 100);
                        continue;
                    }
                    else if (answer.Status / 100 == 4 && answer.Status != 409)
                        journalist.Quietly("The co-pilot refuses this bridge (" + answer.Status + "): " + Words.Cut(answer.Body, 200));
                    broken = true;
                    ending.WaitOne(backOff.NextMs());
                }
                catch (Exception fault)
                {
                    journalist.Fault("Sending", fault);
                    broken = true;
                    ending.WaitOne(backOff.NextMs());
                }
        }

        private Batch Pack(long number, int most, ref long snapshotsAt)
        {
            List<string> events = new List<string>();
            bool hasHello = sayHello;
            if (hasHello)
            {
                events.Add(Hello());
                lock (turn)
                    newest.Clear();
                foreach (Account account in Accounts.All())
                    changedPositions[account.Name] = changedBalances[account.Name] = true;
                sayHello = false;
            }
            long end = 0;
            List<string> lines = new List<string>();
            if (events.Count < most)
                lines = outbox.Next(Math.Max(1, most - 20 - events.Count), MostBytes - 60000, out end);
            events.AddRange(lines);
            long now = Clock.Now();
            int room = MostBytes;
            foreach (string line in events)
                room -= line.Length + 1;
            lock (turn)
            {
                // A snapshot belongs behind the fills that made it, unless they take too long.
                bool behind = !notes.IsEmpty || unsaved > 0 || outbox.Waiting > lines.Count;
                if (!behind || Math.Abs(now - snapshotsAt) > 3000)
                {
                    foreach (string json in new List<string>(newest.Values))
                        Fit(events, json, most, ref room);
                    newest.Clear();
                    snapshotsAt = now;
                }
                while (logs.Count > 0 && Fit(events, logs.Peek(), most, ref room))
                    logs.Dequeue();
                while (fleeting.Count > 0)
                {
                    bool stale = Math.Abs(now - fleeting.Peek().Key) > StaleMs;
                    if (stale)
                        dropped++;
                    else if (!Fit(events, fleeting.Peek().Value, most, ref room))
                        break;
                    fleeting.Dequeue();
                }
            }
            return events.Count == 0 ? null : Pack(new Batch { Events = events, End = end, FromOutbox = lines.Count, HasHello = hasHello }, number);
        }

        private static bool Fit(List<string> events, string json, int most, ref int room)
        {
            if (events.Count >= most || json.Length >= room)
                return false;
            events.Add(json);
            room -= json.Length + 1;
            return true;
        }

        private Batch Pack(Batch batch, long number)
        {
            batch.Number = number;
            batch.Body = new JsonObject().Add("v", 1).Add("bridge", settings.Bridge).Add("boot", Clock.ToText(Interlocked.Read(ref boot))).Add("batch", number)
                .Add("sentAt", Clock.Now()).Raw("events", JsonObject.List(batch.Events)).ToString();
            return batch;
        }

        private string Hello()
        {
            List<string> accounts = new List<string>();
            foreach (Account account in Accounts.All())
                accounts.Add(new JsonObject().Add("name", account.Name).Add("connection", ConnectionName(account.Connection))
                    .Add("provider", account.Provider.ToString()).Add("currency", account.Denomination.ToString()).ToString());
            List<string> instruments = new List<string>();
            foreach (Quote quote in quotes.Values)
                instruments.Add(JsonObject.Quoted(quote.Instrument.FullName));
            string versions = new JsonObject().Add("bridge", Version).Add("platform", NinjaTrader.Core.Globals.ProductVersion ?? "").ToString();
            return Event("hello").Raw("versions", versions).Add("simulator", false).Add("allowOrders", settings.AllowOrders)
                .Add("maxContracts", settings.MaxContracts).Raw("accounts", JsonObject.List(accounts))
                .Raw("instruments", JsonObject.List(instruments)).Add("commandsAfter", journal.Highest).ToString();
        }

        // Null for what is no JSON object, such as a proxy's page.
        private static Dictionary<string, object> Members(string body)
        {
            try
            {
                return JsonReader.Read(body) as Dictionary<string, object>;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        // Any server on the way may say 400 or 413. An event is given up by the co-pilot's own word alone, and only when that is
        // about what is in the batch: it has checked the signature, so these are the bytes we sent.
        private static bool BlamesEvents(Answer answer)
        {
            if (answer.Status != 400 && answer.Status != 413)
                return false;
            object value;
            Dictionary<string, object> error = Members(answer.Body);
            if (error != null)
                error = error.TryGetValue("error", out value) ? value as Dictionary<string, object> : null;
            if (error == null || !error.ContainsKey("reason") || !error.TryGetValue("field", out value))
                return false;
            return Equals(value, "body") || Equals(value, "events");
        }

        private bool IsAnswered(Batch batch, string body)
        {
            Dictionary<string, object> answer = Members(body);
            object number, rejected;
            if (answer == null || !answer.TryGetValue("batch", out number) || !(number is JsonNumber) || ((JsonNumber)number).Value != batch.Number)
                return false;
            List<object> refused = answer.TryGetValue("rejected", out rejected) ? rejected as List<object> : null;
            if (refused != null && refused.Count > 0)
                journalist.Quietly("The co-pilot refused " + refused.Count + " events of a batch: " + Words.Cut(body, 200));
            return true;
        }

        private void Forget(Batch batch)
        {
            if (batch.FromOutbox > 0)
                outbox.Answered(batch.End, batch.FromOutbox);
        }

        // One event alone is malformed: it must not stand in the way of all that come after it.
        private void Discard(Batch batch, Answer answer)
        {
            journalist.Incident("An event was malformed and is left out: " + Words.Cut(batch.Events[0], 200) + " " + Words.Cut(answer.Body, 200));
            Forget(batch);
        }

        // ---- Commands.

        private void Listen()
        {
            BackOff backOff = new BackOff();
            while (!stopping)
                try
                {
                    long askedAt = Clock.Now();
                    Answer answer = line.Get("/api/bridge/v1/commands?after=" + journal.Highest.ToString(CultureInfo.InvariantCulture) + "&wait=25", 25000);
                    if (answer.Status == 200 && Obey(answer.Body, line))
                    {
                        backOff.Reset();
                        // A long poll that does not wait must not become a storm.
                        if (Math.Abs(Clock.Now() - askedAt) < 200)
                            ending.WaitOne(100);
                    }
                    else
                        ending.WaitOne(backOff.NextMs());
                }
                catch (Exception fault)
                {
                    journalist.Fault("Waiting for commands", fault);
                    ending.WaitOne(backOff.NextMs());
                }
        }

        // The second judge. It is asked when the co-pilot has been silent for long, and not believed once that is over.
        private void ListenToWatchdog()
        {
            BackOff backOff = new BackOff(5);
            while (!stopping)
                try
                {
                    if (line.SilentMs < settings.WatchdogAfterMs)
                    {
                        backOff.Reset();
                        ending.WaitOne(100);
                        continue;
                    }
                    string after = journal.HighestOfWatchdog.ToString(CultureInfo.InvariantCulture);
                    Answer answer = watchdog.Get("/api/bridge/v1/commands?after=" + after + "&wait=5", 5000);
                    if (answer.Status != 200)
                        ending.WaitOne(backOff.NextMs());
                    else if (line.SilentMs >= settings.WatchdogAfterMs)
                    {
                        backOff.Reset();
                        Obey(answer.Body, watchdog);
                        ending.WaitOne(100);
                    }
                }
                catch (Exception fault)
                {
                    journalist.Fault("Waiting for the watchdog", fault);
                    ending.WaitOne(backOff.NextMs());
                }
        }

        // At once, for it is waiting; what it does not take is the co-pilot's to hear, which is told in any case.
        private void TellWatchdog()
        {
            for (long number = 1; !stopping; )
                try
                {
                    string first;
                    if (!resultsForWatchdog.TryTake(out first, 250))
                        continue;
                    List<string> events = new List<string> { first };
                    string next;
                    while (events.Count < MostEvents && resultsForWatchdog.TryTake(out next))
                        events.Add(next);
                    Batch batch = Pack(new Batch { Events = events }, number++);
                    for (int tries = 0; tries < 3 && !stopping; tries++)
                    {
                        Answer answer = watchdog.Post("/api/bridge/v1/events", batch.Body);
                        if (answer.Status == 200 && IsAnswered(batch, answer.Body))
                            break;
                        ending.WaitOne(1000);
                    }
                }
                catch (Exception fault)
                {
                    journalist.Fault("Telling the watchdog", fault);
                    ending.WaitOne(1000);
                }
        }

        private bool Obey(string body, Line from)
        {
            Dictionary<string, object> answer = Members(body);
            object list;
            List<object> commands = answer != null && answer.TryGetValue("commands", out list) ? list as List<object> : null;
            if (commands == null)
                return false;
            foreach (object each in commands)
                try
                {
                    Dictionary<string, object> members = each as Dictionary<string, object>;
                    if (members != null && !stopping)
                        Obey(new Command(members), from);
                }
                catch (Exception fault)
                {
                    journalist.Fault("A command", fault);
                }
            return true;
        }

        private readonly ConcurrentDictionary<string, bool> forged = new ConcurrentDictionary<string, bool>();

        private void Obey(Command command, Line from)
        {
            bool fromWatchdog = from == watchdog;
            // Neither of the two may speak for the other: not even in what is answered.
            if (fromWatchdog ? command.Id != "w-" + command.Text("number") : Journal.IsWatchdogs(command.Id))
                return;
            if (!command.IsSignedWith(from.Token))
            {
                // Not in the journal: whoever sent it shall not make us skip the numbers up to his.
                if (forged.Count < 1000 && forged.TryAdd(command.Id, true))
                    TellResult(command.Id, "failed", "signature-wrong");
                return;
            }
            JournalEntry known = journal.Find(command.Id);
            if (known != null)
            {
                if (command.Number > known.Number)
                    journal.Record(command.Number, command.Id, known.State, known.Reason);
                TellResult(known.Id, known.State, known.Reason);
                return;
            }
            if (command.Number <= (fromWatchdog ? journal.HighestOfWatchdog : journal.Highest))
                return;
            // Throws when the disk does not take it, and then nothing is done.
            journal.Record(command.Number, command.Id, "received", null);
            TellResult(command.Id, "received", null);
            string refusal = !command.IsKnown ? "unknown-kind" : from.TheirNow() > command.ExpiresAt ? "expired" : null;
            if (refusal == null && fromWatchdog && !command.IsWayOut)
                refusal = "not-allowed";
            if (refusal != null)
                AnswerCommand(command.Id, command.Number, "failed", refusal);
            else
                Carry(command);
        }

        private void Carry(Command command)
        {
            switch (command.Kind)
            {
                case "ping":
                    AnswerCommand(command.Id, command.Number, "done", null);
                    break;
                case "lockout":
                    Lock(command);
                    break;
                case "placeBracket":
                    desk.Place(command);
                    break;
                case "changeStop":
                    Alone(command, delegate { return ChangeStop(command); });
                    break;
                case "cancelAll":
                    GetOut(command, Accounts.Find(command.Account), false);
                    break;
                case "flattenAccount":
                    GetOut(command, Accounts.Find(command.Account), true);
                    break;
                case "flattenAll":
                    FlattenAll(command);
                    break;
            }
        }

        private void Lock(Command command)
        {
            try
            {
                if (command.Whole("until") <= 0)
                    throw new FormatException("a lockout without its end");
                journal.LockUntil(command.Whole("until"));
                AnswerCommand(command.Id, command.Number, "done", null);
            }
            catch (Exception fault)
            {
                journalist.Fault("The lockout", fault);
                AnswerCommand(command.Id, command.Number, "failed", "exception");
            }
        }

        // On a thread of its own; "" when it is done, null when nobody knows: then silence is the answer.
        private void Alone(Command command, Func<string> carry)
        {
            Go(command.Kind, delegate
            {
                string reason;
                try
                {
                    reason = carry();
                }
                catch (Exception fault)
                {
                    journalist.Fault(command.Kind, fault);
                    reason = "exception";
                }
                if (reason != null)
                    AnswerCommand(command.Id, command.Number, reason.Length == 0 ? "done" : "failed", reason.Length == 0 ? null : reason);
            });
        }

        // Getting out needs no permission: neither AllowOrders nor the list of accounts is asked.
        private void GetOut(Command command, Account account, bool flatten)
        {
            if (account == null)
                AnswerCommand(command.Id, command.Number, "failed", "unknown-account");
            else
                GetOut(command, new List<Account> { account }, flatten);
        }

        // NinjaTrader lists accounts that it is not connected to, such as Playback101: of those only what holds something counts.
        private void FlattenAll(Command command)
        {
            List<Account> accounts = new List<Account>();
            foreach (Account account in Accounts.All())
                if (account.ConnectionStatus == ConnectionStatus.Connected || HoldsSomething(account))
                    accounts.Add(account);
            if (accounts.Count == 0)
                AnswerCommand(command.Id, command.Number, "failed", "not-flat");
            else
                GetOut(command, accounts, true);
        }

        private bool HoldsSomething(Account account)
        {
            try
            {
                Look look = Accounts.LookAt(account, ledger);
                return look.Held.Count + look.Working.Count > 0;
            }
            catch (Exception fault)
            {
                journalist.Fault("Looking at " + account.Name, fault);
                return true;
            }
        }

        // All accounts at the same time.
        private void GetOut(Command command, List<Account> accounts, bool flatten)
        {
            AnswerCommand(command.Id, command.Number, "working", null);
            int left = accounts.Count;
            int failures = 0;
            foreach (Account each in accounts)
            {
                Account account = each;
                Go(command.Kind, delegate
                {
                    bool isOut = false;
                    try
                    {
                        Flattening flattening = new Flattening(account, gate, ledger, journalist, ending);
                        isOut = waysOut.Take(account, flatten, ending, flatten ? (Func<bool>)flattening.Run : flattening.CancelAll);
                    }
                    catch (Exception fault)
                    {
                        journalist.Fault(command.Kind, fault);
                    }
                    if (!isOut)
                        Interlocked.Increment(ref failures);
                    // A bridge that ends in the middle of it knows nothing, and says nothing.
                    if (Interlocked.Decrement(ref left) > 0 || (stopping && failures > 0))
                        return;
                    AnswerCommand(command.Id, command.Number, failures == 0 ? "done" : "failed", failures == 0 ? null : "not-flat");
                });
            }
        }

        private string ChangeStop(Command command)
        {
            string refusal = desk.Refusal(command.Account);
            if (refusal != null)
                return refusal;
            Account account = Accounts.Find(command.Account);
            string id = command.Text("orderId");
            Order order = Accounts.Orders(account).Find(delegate(Order each) { return id.Length > 0 && (Words.OrderId(each) == id || each.OrderId == id); });
            if (order == null || (order.OrderType != OrderType.StopMarket && order.OrderType != OrderType.StopLimit))
                return "unknown-order";
            if (Words.IsFinal(order) || Words.State(order.OrderState) == "cancel-pending")
                return "order-final";
            double price = command.Price("stopPrice");
            refusal = RefuseStop(order, price);
            if (refusal != null)
                return refusal;
            for (int i = 0; i < 100 && Words.State(order.OrderState) == "change-pending"; i++)
                ending.WaitOne(20);
            // It may have moved or ended meanwhile.
            if (Words.State(order.OrderState) == "change-pending")
                return "rejected-by-platform";
            refusal = Words.IsFinal(order) ? "order-final" : RefuseStop(order, price);
            return refusal ?? MoveStop(command, account, order, price);
        }

        private static string RefuseStop(Order order, double price)
        {
            double way = Words.Buys(order.OrderAction) ? -1 : 1;
            double last = Desk.LastPrice(order.Instrument);
            if (price <= 0)
                return "no-stop";
            if (!Desk.IsOnGrid(price, order.Instrument))
                return "off-grid";
            if (way * (price - order.StopPrice) <= 0)
                return "widens-stop";
            return last > 0 && way * (last - price) <= 0 ? "wrong-side" : null;
        }

        private string MoveStop(Command command, Account account, Order order, double price)
        {
            double before = order.StopPrice;
            if (!gate.Enter(account.Name))
                return "locked-out";
            try
            {
                order.StopPriceChanged = price;
                if (order.OrderType == OrderType.StopLimit)
                    order.LimitPriceChanged = order.LimitPrice + price - before;
                AnswerCommand(command.Id, command.Number, "working", null);
                account.Change(new[] { order });
            }
            finally
            {
                gate.Leave(account.Name);
            }
            bool pending = false;
            for (int i = 0; i < 1500 && !stopping; i++)
            {
                bool isPending = Words.State(order.OrderState) == "change-pending";
                pending |= isPending;
                if (!isPending && Math.Abs(order.StopPrice - price) < order.Instrument.MasterInstrument.TickSize / 2)
                    return "";
                if (Words.IsFinal(order))
                    return "order-final";
                if (pending && !isPending)
                    return "rejected-by-platform";
                ending.WaitOne(20);
            }
            return null;
        }
    }
}
