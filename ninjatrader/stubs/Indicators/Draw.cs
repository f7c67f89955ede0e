using System.Globalization;
using System.Windows.Media;
using NinjaTrader.Gui.Tools;

namespace NinjaTrader.NinjaScript.DrawingTools
{
    public enum TextPosition
    {
        TopRight,
    }

    public sealed class ArrowUp
    {
    }

    public sealed class ArrowDown
    {
    }

    public sealed class Text
    {
    }

    public sealed class TextFixed
    {
    }

    /// <summary>Keeps what was drawn under its tag: the same tag draws over what it drew before.</summary>
    public static class Draw
    {
        public static ArrowUp ArrowUp(NinjaScriptBase owner, string tag, bool isAutoScale, int barsAgo, double y, Brush brush)
        {
            Keep(owner, tag, "up", barsAgo, y, "");
            return new ArrowUp();
        }

        public static ArrowDown ArrowDown(NinjaScriptBase owner, string tag, bool isAutoScale, int barsAgo, double y, Brush brush)
        {
            Keep(owner, tag, "down", barsAgo, y, "");
            return new ArrowDown();
        }

        public static Text Text(NinjaScriptBase owner, string tag, string text, int barsAgo, double y, Brush textBrush)
        {
            Keep(owner, tag, "text", barsAgo, y, text);
            return new Text();
        }

        public static TextFixed TextFixed(
            NinjaScriptBase owner, string tag, string text, TextPosition position, Brush textBrush, SimpleFont font,
            Brush outlineBrush, Brush areaBrush, int areaOpacity)
        {
            Keep(owner, tag, "box", 0, 0, text);
            return new TextFixed();
        }

        private static void Keep(NinjaScriptBase owner, string tag, string kind, int barsAgo, double y, string text)
        {
            string bar = (owner.CurrentBar - barsAgo).ToString(CultureInfo.InvariantCulture);
            owner.Drawn[tag] = kind + "," + bar + "," + y.ToString("G17", CultureInfo.InvariantCulture) + "," + text.Replace('\n', '|');
        }
    }
}
