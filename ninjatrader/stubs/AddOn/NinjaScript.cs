using System;
using NinjaTrader.Cbi;

namespace NinjaTrader.NinjaScript
{
    public class NinjaScript
    {
        public State State { get; private set; }
        public string Name { get; set; }
        public string Description { get; set; }

        public static void Log(string message, LogLevel level)
        {
            NinjaTrader.Stub.Platform.Logged(message);
        }

        internal void SetState(State state)
        {
            State = state;
            OnStateChange();
        }

        protected virtual void OnStateChange()
        {
        }
    }

    public class AddOnBase : NinjaScript
    {
    }
}

namespace NinjaTrader.Core
{
    public class GeneralOptions
    {
        public TimeZoneInfo TimeZoneInfo
        {
            get { return TimeZoneInfo.Utc; }
        }
    }

    public static class Globals
    {
        private static readonly GeneralOptions generalOptions = new GeneralOptions();

        public static string UserDataDir { get; internal set; }
        public static GeneralOptions GeneralOptions { get { return generalOptions; } }
        public static DateTime MaxDate { get { return new DateTime(2099, 12, 1); } }
        public static string ProductVersion { get { return "8.1.6.0"; } }
    }
}
