namespace ModularMonolith.Architecture.Graph;

/// <summary>Ways between modules that avoid the Contracts: an address of the API that a module calls itself, and another module's table in SQL.</summary>
internal static class CoupledData
{
    private const string HttpClient = "System.Net.Http.HttpClient";
    private const string Api = "/api/";

    private static readonly HashSet<string> BeforeTable = new(["from", "join", "into", "update", "table", "only", "truncate"], StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<Conversation> Of(CodeGraph graph)
    {
        var modules = graph.Modules.Where(static module => module.Slice is not null).DistinctBy(static module => module.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(static module => module.Name, StringComparer.OrdinalIgnoreCase);
        return from module in modules.Values
               from type in module.Slice!.Types
               from member in type.Members
               from text in member.Texts
               from conversation in Addresses(module, member, text, modules).Concat(Tables(module, text, modules))
               select conversation;
    }

    private static IEnumerable<Conversation> Addresses(Module module, MemberFacts member, TextUse text, Dictionary<string, Module> modules)
    {
        var start = text.Text.IndexOf(Api, StringComparison.Ordinal);
        if (start >= 0 && member.Uses.Any(static use => use.Target.FullName.StartsWith(HttpClient, StringComparison.Ordinal)))
        {
            var rest = text.Text.AsSpan(start + Api.Length);
            var end = rest.IndexOfAny('/', '?', TextUse.Hole);
            if (modules.TryGetValue((end < 0 ? rest : rest[..end]).ToString(), out var target))
            {
                yield return new Conversation(EdgeKind.Http, module, target, Printable(text.Text[start..]), null, text.Span);
            }
        }
    }

    private static IEnumerable<Conversation> Tables(Module module, TextUse text, Dictionary<string, Module> modules)
    {
        if (!text.Text.Contains('.', StringComparison.Ordinal) || !text.Text.Contains(' ', StringComparison.Ordinal))
        {
            yield break;
        }

        var words = text.Text.Split([' ', '\n', '\r', '\t', '(', ')', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i < words.Length; i++)
        {
            var dot = words[i].IndexOf('.', StringComparison.Ordinal);
            if (dot > 0 && BeforeTable.Contains(words[i - 1]) && modules.TryGetValue(words[i][..dot].Trim('"'), out var target) && target != module)
            {
                yield return new Conversation(EdgeKind.Table, module, target, Printable(words[i].Replace("\"", string.Empty, StringComparison.Ordinal)), null, text.Span);
            }
        }
    }

    private static string Printable(string text) => text.Replace(TextUse.Hole, '…');
}
