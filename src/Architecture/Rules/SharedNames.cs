using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Collects names of one kind, and finds those that two modules use or that carry another module's name.</summary>
/// <param name="context">The code base.</param>
/// <param name="what">What the names are names of.</param>
/// <param name="mayName">Whether a call may use such a name, by the type and its member.</param>
/// <param name="nameOf">The name that a call with known texts uses, and whether it is harmless that others use the same.</param>
/// <param name="namesIn">The names in a text, as that of a statement in SQL.</param>
internal sealed class SharedNames(
    RuleContext context, string what, Func<TypeName, string?, bool> mayName, Func<MemberOf, Use, (string Name, bool IsHarmless)?> nameOf, Func<string, IEnumerable<string>>? namesIn = null)
{
    private const int ShortestPrefix = 3;
    private readonly List<(MemberOf Member, SourceSpan? Span, string Name, bool IsHarmless)> _uses = [];

    public Outcome Check()
    {
        foreach (var member in ModuleCode.Using(context.Graph, mayName))
        {
            foreach (var use in member.Member.Uses)
            {
                if (use.Member is not null && nameOf(member, use) is { Name.Length: > 0 } found)
                {
                    _uses.Add((member, use.Span, Constant(found.Name), found.IsHarmless));
                }
            }
        }

        foreach (var member in namesIn is null ? [] : ModuleCode.Members(context.Graph))
        {
            foreach (var text in member.Member.Texts)
            {
                _uses.AddRange(namesIn!(text.Text).Select(name => (member, text.Span, name, false)));
            }
        }

        var shared = _uses.Where(static use => use.Name.Length >= ShortestPrefix && !use.IsHarmless).ToLookup(static use => use.Name, static use => use.Member.Module, StringComparer.Ordinal);
        return new Outcome(ModuleCode.Count(context.Graph), [.. _uses.Select(use => Judge(use.Member, use.Span, use.Name, shared)).OfType<Finding>()]);
    }

    // Up to where only the running program knows on.
    private static string Constant(string name) => name.IndexOf(TextUse.Hole, StringComparison.Ordinal) is >= 0 and var hole ? name[..hole] : name;

    private Finding? Judge(MemberOf member, SourceSpan? span, string name, ILookup<string, Module> shared)
    {
        var other = context.Graph.Modules.FirstOrDefault(module => module.Folder != member.Module.Folder && BeginsWith(name, module.Name));
        if (other is not null && !BeginsWith(name, member.Module.Name))
        {
            return Found($"uses {what} '{name}', which is named after {other.Folder}");
        }

        other = shared[name].FirstOrDefault(module => module.Folder != member.Module.Folder);
        return other is null ? null : Found($"uses {what} '{name}', which {other.Folder} uses too");

        Finding Found(string what) => member.Finding(what, SourceLines.OfText(context.Graph, span, name) ?? span) with { To = name, Kind = EdgeKind.Call };
    }

    private static bool BeginsWith(string name, string module) =>
        name.StartsWith(module, StringComparison.OrdinalIgnoreCase) && (name.Length == module.Length || !char.IsLetterOrDigit(name[module.Length]));
}
