using System.Text.RegularExpressions;
using Marten;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Locations;

/// <summary>A place that holds stock. The one with the code <c>main</c> exists without being stored.</summary>
internal sealed partial record Location
{
    public const string DefaultCode = "main";
    public const int MaximumCount = 100;

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Stock is taken from the location with the smallest number first, then by code.</summary>
    public int Priority { get; init; }

    public static Location Default { get; } = new() { Id = DefaultCode, Name = "Main location", Priority = 0 };

    /// <summary>All locations in the order in which stock is taken from them.</summary>
    public static async Task<IReadOnlyList<Location>> AllAsync(IQuerySession session, CancellationToken cancellationToken)
    {
        var stored = await session.Query<Location>().Take(MaximumCount).ToListAsync(cancellationToken);
        var all = stored.Any(static location => location.Id == DefaultCode) ? stored : [Default, .. stored];
        return [.. all.OrderBy(static location => location.Priority).ThenBy(static location => location.Id, StringComparer.Ordinal)];
    }

    public static async Task RequireAsync(IQuerySession session, string code, CancellationToken cancellationToken)
    {
        if (code != DefaultCode && await session.LoadAsync<Location>(code, cancellationToken) is null)
        {
            throw Unknown(code);
        }
    }

    public static ProblemException Unknown(string code) =>
        new(InventoryProblems.UnknownLocation, $"There is no location '{code}'. Create it first, or use one of those at /api/inventory/locations.");

    public static bool IsCode(string code) => CodePattern().IsMatch(code);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,29}\z")]
    private static partial Regex CodePattern();
}
