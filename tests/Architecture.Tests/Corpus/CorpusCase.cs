using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>A small change of the made-up repository, and what must be found in it.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="IsViolation">Whether it breaks a rule.</param>
internal sealed partial record CorpusCase(string Name, string Folder, bool IsViolation)
{
    private const string Violations = "violations";
    private const string Shares = "with.txt";

    private static readonly string CorpusFolder = System.IO.Path.Combine(Repository.RootAbove(AppContext.BaseDirectory), "tests", "Architecture.Tests", "Corpus");

    /// <summary>The repository that is changed.</summary>
    public static string Basis => System.IO.Path.Combine(CorpusFolder, "base");

    /// <summary>All cases, those that break something first.</summary>
    public static IReadOnlyList<CorpusCase> All { get; } =
    [
        .. from kind in new[] { Violations, "lookalikes" }
           from folder in Directory.EnumerateDirectories(System.IO.Path.Combine(CorpusFolder, kind)).Order(StringComparer.Ordinal)
           select new CorpusCase(System.IO.Path.GetFileName(folder), folder, kind == Violations),
    ];

    /// <summary>The folder's name with that of the kind: what tests are called.</summary>
    public string Path => (IsViolation ? Violations : "lookalikes") + "/" + Name;

    /// <summary>What the case is about, in words.</summary>
    public string Title => Name.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-').Replace('-', ' ');

    /// <summary>Whether it depends on how code is compiled. Their names begin with a number below 50, or from 200 to 299.</summary>
    public bool IsAboutCode => IsViolation && ((Name[2] == '-' && string.CompareOrdinal(Name, "50") < 0) || (Name[3] == '-' && Name[0] == '2'));

    /// <summary>The files that are laid over the repository, first those that several cases share, by their paths there.</summary>
    public IReadOnlyDictionary<string, string> Files { get; } = FilesOf(Folder);

    /// <summary>What stands in comments of the case's files: <c>finds: rule "part of the message" → target</c>, on the line of the finding; <c>finds+2:</c> is about the second line below.</summary>
    public IReadOnlyList<Expectation> Expected =>
    [
        .. from pair in Files
           let file = pair.Value
           let path = pair.Key
           from line in File.ReadAllLines(file).Select(static (text, i) => (text, number: i + 1))
           where line.text.Contains("finds", StringComparison.Ordinal)
           from Match comment in Comment().Matches(line.text)
           from Match found in Finding().Matches(comment.Groups["findings"].Value)
           select new Expectation(
               found.Groups["rule"].Value, found.Groups["message"].Value, found.Groups["target"].Success ? found.Groups["target"].Value : null,
               path, line.number + (comment.Groups["below"].Success ? int.Parse(comment.Groups["below"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0)),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Dictionary<string, string> FilesOf(string folder)
    {
        var shares = System.IO.Path.Combine(folder, Shares);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in (File.Exists(shares) ? File.ReadAllLines(shares) : []).Select(static name => System.IO.Path.Combine(CorpusFolder, "shared", name)).Append(folder))
        {
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => file != shares).Order(StringComparer.Ordinal))
            {
                files[System.IO.Path.GetRelativePath(source, file).Replace('\\', '/')] = file;
            }
        }

        return files;
    }

    [GeneratedRegex("(?://|--|<!--) finds(?<below>[+-][0-9]+)?: (?<findings>.+?)(?: -->)?$")]
    private static partial Regex Comment();

    [GeneratedRegex("(?<rule>[a-z][a-z0-9-]+) \"(?<message>[^\"]*)\"(?: → (?<target>[^;]+))?")]
    private static partial Regex Finding();
}

/// <summary>A finding that must be there.</summary>
internal sealed record Expectation(string Rule, string Message, string? Target, string File, int Line)
{
    public bool Meets(Finding finding) =>
        finding.Rule == Rule && finding.Span is { } span && span.File == File && span.Line == Line && finding.What.Contains(Message, StringComparison.Ordinal)
        && (Target is null || finding.To == Target);

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Rule} \"{Message}\"{(Target is null ? string.Empty : " → " + Target)}";
}
