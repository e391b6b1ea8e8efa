namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Looks for what stands outside of brackets and of quoted texts.</summary>
internal static class Scan
{
    /// <summary>The first place of a text outside of brackets and quotes; -1 when there is none.</summary>
    public static int IndexOf(string line, string wanted)
    {
        var depth = 0;
        for (var index = 0; index < line.Length; index++)
        {
            if (depth == 0 && string.CompareOrdinal(line, index, wanted, 0, wanted.Length) == 0)
            {
                return index;
            }

            switch (line[index])
            {
                case '"':
                    index = EndOfQuote(line, index);
                    break;
                case '(' or '<' or '[':
                    depth++;
                    break;
                case ')' or '>' or ']':
                    depth--;
                    break;
                default:
                    break;
            }
        }

        return -1;
    }

    /// <summary>What is before and behind a separator; only what is before when it is not there.</summary>
    public static (string Before, string? Behind) SplitAt(string line, string separator) =>
        IndexOf(line, separator) is >= 0 and var at ? (line[..at], line[(at + separator.Length)..]) : (line, null);

    /// <summary>The parts between commas.</summary>
    public static IEnumerable<string> List(string text)
    {
        for (var rest = text; rest is { Length: > 0 };)
        {
            (var part, rest) = SplitAt(rest, ", ");
            yield return part;
        }
    }

    /// <summary>Takes the attributes off a line.</summary>
    public static string WithoutAttributes(string line, List<string> attributes)
    {
        while (line.StartsWith('['))
        {
            var end = IndexOf(line[1..], "]") + 1;
            if (end == 0)
            {
                return line;
            }

            attributes.Add(line[..(end + 1)]);
            line = line[(end + 1)..].TrimStart();
        }

        return line;
    }

    private static int EndOfQuote(string line, int start)
    {
        for (var index = start + 1; index < line.Length; index++)
        {
            if (line[index] == '\\')
            {
                index++;
            }
            else if (line[index] == '"')
            {
                return index;
            }
        }

        return line.Length;
    }
}
