using System.Globalization;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Baselines;

/// <summary>One known violation that is to go away. Lines are not part of it, so that moving code changes nothing.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="From">Who violates it.</param>
/// <param name="To">What is depended on, or what is wrong where nothing is.</param>
/// <param name="Owner">Who repairs it.</param>
/// <param name="Because">Why it is still there.</param>
/// <param name="Until">The last day on which it is let through.</param>
public sealed record BaselineEntry(string Rule, string From, string To, string Owner, string Because, DateOnly Until)
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>The longest time for which an entry may be written, in days.</summary>
    public const int DaysAtMost = 366;

    /// <summary>What entries and findings are compared by.</summary>
    public (string Rule, string From, string To) Key => (Rule, From, To);

    /// <summary>What a finding is compared by.</summary>
    public static (string Rule, string From, string To) KeyOf(Finding finding) => (finding.Rule, Plain(finding.From), Plain(finding.To ?? finding.What));

    /// <summary>Reads a line.</summary>
    /// <param name="line">As <see cref="ToString"/> writes it.</param>
    /// <returns>The entry, or null when it is none.</returns>
    public static BaselineEntry? Parse(string line)
    {
        var parts = line.Split(" | ");
        var edge = parts.Length == 5 ? parts[1].Split(" -> ") : [];
        return edge.Length == 2 && Value(parts[2], "owner: ") is { } owner && Value(parts[3], "because: ") is { } because && Value(parts[4], "until: ") is { } date
            && DateOnly.TryParseExact(date, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)
            ? new BaselineEntry(parts[0], edge[0], edge[1], owner, because, until)
            : null;
    }

    /// <summary>The line: rule, edge, owner, reason, last day.</summary>
    public override string ToString() => $"{Rule} | {From} -> {To} | owner: {Owner} | because: {Because} | until: {Until.ToString(Format, CultureInfo.InvariantCulture)}";

    /// <summary>A text as a part of a line: without what separates its parts.</summary>
    internal static string Plain(string text) => text.ReplaceLineEndings(" ").Replace(" | ", " / ", StringComparison.Ordinal).Replace(" -> ", " → ", StringComparison.Ordinal).Trim();

    private static string? Value(string part, string name) => part.StartsWith(name, StringComparison.Ordinal) && part.Length > name.Length ? part[name.Length..] : null;
}
