namespace ModularMonolith.Architecture.Reports.Drawing;

/// <summary>How much room texts take, without a font: as much as in the widest of the usual sans-serif ones.</summary>
internal static class TextMeasure
{
    /// <summary>The width of a line, in units of the drawing.</summary>
    public static double Width(string text, double size) => text.Sum(static letter => letter switch
    {
        'i' or 'l' or 'j' or 't' or 'f' or 'r' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '(' or ')' => 0.42,
        'm' or 'w' or 'M' or 'W' or '@' or '%' => 1.0,
        >= 'A' and <= 'Z' => 0.75,
        _ => 0.64,
    }) * size;

    /// <summary>Breaks a text into lines at its spaces.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size of the letters.</param>
    /// <param name="width">How wide a line may be; a longer word is cut.</param>
    /// <param name="linesAtMost">What does not fit into so many lines is left out behind an ellipsis.</param>
    /// <returns>The lines.</returns>
    public static IReadOnlyList<string> Wrap(string text, double size, double width, int linesAtMost)
    {
        var lines = new List<string>();
        var line = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, size) > width)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }

        if (line.Length > 0)
        {
            lines.Add(line);
        }

        if (lines.Count > linesAtMost)
        {
            lines = [.. lines.Take(linesAtMost - 1), lines[linesAtMost - 1] + " …"];
        }

        return [.. lines.Select(one => Cut(one, size, width))];
    }

    private static string Cut(string line, double size, double width)
    {
        if (Width(line, size) <= width)
        {
            return line;
        }

        while (line.Length > 1 && Width(line + "…", size) > width)
        {
            line = line[..^1];
        }

        return line.TrimEnd(' ', '…', ',', '.') + "…";
    }
}
