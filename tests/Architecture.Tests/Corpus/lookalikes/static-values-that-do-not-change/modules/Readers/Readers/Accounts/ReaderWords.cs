using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderWords
{
    public const int Most = 3;

    public static readonly FrozenSet<string> Known = new[] { "a", "b" }.ToFrozenSet(StringComparer.Ordinal);

    public static readonly ImmutableArray<string> Order = ["a", "b"];

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Regex Word = new("^[a-z]+$", RegexOptions.None, TimeSpan.FromSeconds(1));

    public static string Name { get; } = "reader";

    public static bool Fits(string text) => Word.IsMatch(text) && Known.Contains(text);

    public static string Title => Name + Most;
}
