using System;

// The few colors of WPF. A brush that is not frozen may not cross threads there; here it is refused at once.
namespace System.Windows.Media
{
    public struct Color
    {
        public byte A, R, G, B;

        public static Color FromArgb(byte a, byte r, byte g, byte b)
        {
            return new Color { A = a, R = r, G = g, B = b };
        }
    }

    public abstract class Brush
    {
        public bool IsFrozen { get; private set; }

        public void Freeze()
        {
            IsFrozen = true;
        }
    }

    public sealed class SolidColorBrush : Brush
    {
        private readonly Color color;

        public SolidColorBrush(Color color)
        {
            this.color = color;
        }

        public override string ToString()
        {
            return string.Format("#{0:X2}{1:X2}{2:X2}{3:X2}", color.A, color.R, color.G, color.B);
        }
    }

    public static class Brushes
    {
        public static readonly SolidColorBrush Crimson = Of(220, 20, 60);
        public static readonly SolidColorBrush DimGray = Of(105, 105, 105);
        public static readonly SolidColorBrush DodgerBlue = Of(30, 144, 255);
        public static readonly SolidColorBrush Gainsboro = Of(220, 220, 220);
        public static readonly SolidColorBrush Gold = Of(255, 215, 0);
        public static readonly SolidColorBrush Gray = Of(128, 128, 128);
        public static readonly SolidColorBrush Green = Of(0, 128, 0);
        public static readonly SolidColorBrush IndianRed = Of(205, 92, 92);
        public static readonly SolidColorBrush LimeGreen = Of(50, 205, 50);
        public static readonly SolidColorBrush Magenta = Of(255, 0, 255);
        public static readonly SolidColorBrush Orange = Of(255, 165, 0);
        public static readonly SolidColorBrush OrangeRed = Of(255, 69, 0);
        public static readonly SolidColorBrush Red = Of(255, 0, 0);
        public static readonly SolidColorBrush SeaGreen = Of(46, 139, 87);
        public static readonly SolidColorBrush Silver = Of(192, 192, 192);

        private static SolidColorBrush Of(byte red, byte green, byte blue)
        {
            SolidColorBrush brush = new SolidColorBrush(Color.FromArgb(255, red, green, blue));
            brush.Freeze();
            return brush;
        }
    }
}
