using System.Windows.Media;

namespace NinjaTrader.Gui
{
    public enum PlotStyle
    {
        Bar,
        Hash,
        Line,
    }

    public sealed class Stroke
    {
        public Stroke(Brush brush, float width)
        {
            Brush = brush;
            Width = width;
        }

        public Brush Brush { get; private set; }
        public float Width { get; private set; }
    }
}

namespace NinjaTrader.Gui.Tools
{
    public sealed class SimpleFont
    {
        public SimpleFont(string family, double size)
        {
            Family = family;
            Size = size;
        }

        public string Family { get; private set; }
        public double Size { get; private set; }
    }
}
