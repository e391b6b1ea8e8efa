using System.Collections.Frozen;

namespace ModularMonolith.Identity.Accounts;

/// <summary>The passwords that are tried first: a list of common ones and of words of this product, and whatever repeats itself.</summary>
internal sealed class CommonPasswords
{
    private const int LongestUnit = 8;

    private readonly FrozenSet<string> _known;

    public CommonPasswords()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        _known = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
    }

    public bool Contains(string password)
    {
        var text = Simplify(password);
        return _known.Contains(text) || IsRepetition(text) || IsRun(text) || IsMadeOfKnown(text);
    }

    // "P@ssw0rd!!" is tried as soon as "password".
    private static string Simplify(string password) => string.Concat(password.ToLowerInvariant().Where(static letter => !char.IsWhiteSpace(letter)).Select(static letter => letter switch
    {
        '@' => 'a',
        '0' => 'o',
        '$' => 's',
        '!' => 'i',
        _ => letter,
    }));

    private static bool IsRepetition(string text)
    {
        for (var unit = 1; unit <= LongestUnit && unit * 2 <= text.Length; unit++)
        {
            var repeats = true;
            for (var index = unit; index < text.Length && repeats; index++)
            {
                repeats = text[index] == text[index - unit];
            }

            if (repeats)
            {
                return true;
            }
        }

        return false;
    }

    // abcdefgh, 87654321: every letter is the neighbour of the one before, in the same direction. The zero of 67890 was made a letter.
    private static bool IsRun(string text)
    {
        var digits = text.Replace('o', '0');
        return IsRun(text, 1) || IsRun(text, -1) || IsRun(digits, 1) || IsRun(digits, -1);
    }

    private static bool IsRun(string text, int step)
    {
        for (var index = 1; index < text.Length; index++)
        {
            var isNext = text[index] - text[index - 1] == step || (text[index - 1] == '9' && text[index] == '0' && step == 1) || (text[index - 1] == '0' && text[index] == '9' && step == -1);
            if (!isNext)
            {
                return false;
            }
        }

        return text.Length > 1;
    }

    // Two common ones in a row, and a common one with digits behind it.
    private bool IsMadeOfKnown(string text)
    {
        for (var split = 4; split < text.Length; split++)
        {
            var rest = text.AsSpan(split);
            if (_known.Contains(text[..split]) && (_known.Contains(rest.ToString()) || rest.IndexOfAnyExceptInRange('0', '9') < 0 || IsRun(rest.ToString())))
            {
                return true;
            }
        }

        return false;
    }
}
