namespace ModularMonolith.Architecture.Rules;

/// <summary>Words in names that say nothing of what something is for. The analyzer is compiled with them too.</summary>
internal static class HollowWords
{
    private static readonly HashSet<string> Endings = new(["Helper", "Helpers", "Manager", "Managers", "Util", "Utils", "Utilities"], StringComparer.Ordinal);

    // Words that are never a business concept of commerce. Requests, Events and Services of a carrier could be, so that only what nobody sells stands here.
    private static readonly HashSet<string> Kinds = new(
        [
            "Abstractions", "Behaviors", "Behaviours", "Commands", "Controllers", "Dto", "Dtos", "Endpoints", "Handlers", "Helpers", "Implementations", "Infrastructure", "Interfaces", "Managers", "Mappers",
            "Mappings", "Models", "Persistence", "Queries", "Repositories", "Services", "Util", "Utils", "Utilities", "Validation", "Validators", "ViewModels",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is the last word of a name that says nothing.</summary>
    public static bool IsEnding(string word) => Endings.Contains(word);

    /// <summary>Whether a folder is named after a kind of class.</summary>
    public static bool IsKind(string folder) => Kinds.Contains(folder);
}
