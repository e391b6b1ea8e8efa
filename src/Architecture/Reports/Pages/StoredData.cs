using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>What a module keeps in its schema, as its registrations say.</summary>
/// <param name="Tables">Each table with what is in it.</param>
/// <param name="Events">The stored events: name and type.</param>
/// <param name="Jobs">The recurring commands: name, cron expression and command.</param>
/// <param name="Timers">The commands that can be scheduled: name and type.</param>
/// <param name="Processes">The processes: name and state.</param>
internal sealed record StoredData(
    IReadOnlyList<(string Table, string Content)> Tables, IReadOnlyList<(string Name, TypeName Type)> Events, IReadOnlyList<(string Name, string Schedule, TypeName Command)> Jobs,
    IReadOnlyList<(string Name, TypeFacts Type)> Timers, IReadOnlyList<(string Name, TypeName State)> Processes)
{
    private const string CreateTable = "create table";
    private const string IfNotExists = "if not exists";
    private const string Timer = "ModularMonolith.Platform.Timers.TimerAttribute";

    public static StoredData Of(Module module)
    {
        var types = module.Slice?.Types ?? [];
        var uses = types.SelectMany(static type => type.Members).SelectMany(static member => member.Uses.Select(use => (member, use))).ToList();
        var events = (from pair in uses
                      where pair.use is { Member: "MapEventType", MemberArguments.Count: 1 } && pair.use.Texts is [{ } name, ..]
                      orderby pair.use.Texts[0]
                      select (pair.use.Texts[0]!, pair.use.MemberArguments[0])).Distinct().ToList();
        return new StoredData(
            [.. Documents(types).Concat(events.Count > 0 ? [("mt_events", "the stored events"), ("mt_streams", "the streams of the stored events")] : []).Concat(Scripts(types)).DistinctBy(static table => table.Item1)
                .OrderBy(static table => table.Item1, StringComparer.Ordinal)],
            events,
            [.. from pair in uses
                where pair.use is { Member: "AddRecurring", MemberArguments.Count: 1 } && pair.use.Texts is [{ } name, { } schedule]
                orderby pair.use.Texts[0]
                select (pair.use.Texts[0]!, pair.use.Texts[1]!, pair.use.MemberArguments[0])],
            [.. from type in types let name = type.Attribute(Timer)?.Arguments is [var first, ..] ? first : null where name is not null orderby name select (name, type)],
            [.. from pair in uses
                where pair.use is { Member: "AddProcess", MemberArguments.Count: 2 } && pair.use.Texts is [{ } name, ..]
                orderby pair.use.Texts[0]
                select (pair.use.Texts[0]!, pair.use.MemberArguments[1])]);
    }

    // Schema.For<T>().DocumentAlias("t"), Snapshot<T>(…), and documents that are only stored and loaded.
    private static IEnumerable<(string, string)> Documents(IReadOnlyList<TypeFacts> types)
    {
        var documents = new Dictionary<TypeName, string?>();
        foreach (var member in types.SelectMany(static type => type.Members))
        {
            TypeName? last = null;
            foreach (var use in member.Uses)
            {
                if (use is { MemberArguments: [{ IsParameter: false } document, ..] } && IsDocument(use))
                {
                    documents.TryAdd(document, null);
                    last = use.Member == "For" ? document : last;
                }
                else if (use.Member == "DocumentAlias" && last is not null && use.Texts is [{ } alias])
                {
                    documents[last] = alias;
                }
                else if (use.Member == "AddProcess" && use.MemberArguments.Count == 2)
                {
                    documents.TryAdd(use.MemberArguments[1], null);
                }
            }
        }

        var own = types.Select(static type => type.Name).ToHashSet();
        return documents.Where(pair => own.Contains(pair.Key)).Select(static pair => ("mt_doc_" + (pair.Value ?? AliasOf(pair.Key)), $"documents `{pair.Key.Name}`"));
    }

    private static bool IsDocument(Use use) => use.Member switch
    {
        "For" => use.Target.FullName.StartsWith("Marten.", StringComparison.Ordinal),
        "Snapshot" => use.Target.FullName.Contains("Projection", StringComparison.Ordinal),
        "Store" or "Insert" or "LoadAsync" or "LoadManyAsync" or "Query" or "Update" or "Delete" => IsSession(use.Target.FullName),
        _ => false,
    };

    private static bool IsSession(string fullName) =>
        fullName is WellKnown.Session || (fullName.StartsWith("Marten.", StringComparison.Ordinal) && (fullName.Contains("Session", StringComparison.Ordinal) || fullName.Contains("Operations", StringComparison.Ordinal)));

    private static string AliasOf(TypeName type) =>
        string.Join('_', type.FullName[(type.Namespace.Length == 0 ? 0 : type.Namespace.Length + 1)..].Split('/').Select(TypeName.SimpleName)).ToLowerInvariant();

    private static IEnumerable<(string, string)> Scripts(IReadOnlyList<TypeFacts> types)
    {
        // The compiler copies a constant to where it is used; it is told of where it was written.
        var texts = types.SelectMany(static type => type.Members.SelectMany(member => member.Texts.Select(text => (type, member, text.Text)))).OrderBy(static found => found.member.Kind != MemberKind.Field);
        foreach (var (type, _, text) in texts)
        {
            for (var at = text.IndexOf(CreateTable, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(CreateTable, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                var rest = text.AsSpan(at + CreateTable.Length).TrimStart();
                rest = rest.StartsWith(IfNotExists, StringComparison.OrdinalIgnoreCase) ? rest[IfNotExists.Length..].TrimStart() : rest;
                var end = rest.IndexOfAny([' ', '(', '\n', '\r', '\t']);
                var name = (end < 0 ? rest : rest[..end]).ToString();
                if (name.Length > 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_'))
                {
                    yield return (name, $"made by the script of `{type.Name.Name}`");
                }
            }
        }
    }
}
