using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Names of types and folders.</summary>
public static class NamingRules
{
    /// <summary>Types are named after what they do.</summary>
    public static readonly Rule TypesSayWhatTheyDo = new(
        "types-say-what-they-do",
        "Helper, Manager and Util say nothing, so that everything fits into them; a base class is shared code that nobody may change any more.",
        "Name the type after what it does or is: ShippingRates, not ShippingManager. Pass what is shared as an object instead of inheriting it.",
        static context => Outcome.Of(context.Graph.ModuleTypes(), static pair => Hollow(pair.Type) is { } word ? [Finding.Of(pair.Type, null, pair.Module, $"is named {word}, which says nothing")] : []))
    {
        Plant = static canary => canary.Class("CanaryHelper"),
    };

    /// <summary>Folders are business concepts.</summary>
    public static readonly Rule FoldersAreBusinessConcepts = new(
        "folders-are-business-concepts",
        "What belongs to one use case changes together. A folder for each kind of class tears it apart, and the module's folders no longer say what it is about.",
        "Name the folder after the concept, as Orders or PriceLists, and put all of a use case into one file of it.",
        static context => Outcome.Of(
            from module in context.Graph.Modules
            from project in module.Projects
            where project.Kind is ProjectKind.Slice or ProjectKind.Contracts
            select (module, project),
            static pair => Technical(pair.project).Select(found => new Finding(found.Folder, $"is named after the kind of class {found.Word}, not after a concept") { Module = pair.module.Folder, Span = Subjects.Start(found.File) })))
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with { Sources = [.. canary.SliceProject.Sources, new SourceFile(canary.SliceProject.Folder + "/Handlers/Canary.cs", 1, [], [], [])] },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [TypesSayWhatTheyDo, FoldersAreBusinessConcepts];

    private static string? Hollow(TypeFacts type)
    {
        var words = PascalCase.Words(type.Name.Name);
        if (words.Count == 0)
        {
            return null;
        }

        // BasePrice and BaseCurrency are concepts; BaseHandler is not.
        return HollowWords.IsEnding(words[^1]) ? words[^1]
            : type is { Kind: TypeKind.Class, IsAbstract: true, IsSealed: false } && words.Count > 1 && (words[0] == "Base" || words[^1] == "Base") ? "Base"
            : null;
    }

    private static IEnumerable<(string Folder, string Word, string File)> Technical(ProjectFacts project)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in project.Sources.Where(file => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal)))
        {
            var parts = file.Path[(project.Folder.Length + 1)..].Split('/');
            for (var depth = 0; depth < parts.Length - 1; depth++)
            {
                if (HollowWords.IsKind(parts[depth]) && project.Folder + "/" + string.Join('/', parts.Take(depth + 1)) is var folder && seen.Add(folder))
                {
                    yield return (folder, parts[depth], file.Path);
                }
            }
        }
    }
}
