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

    /// <summary>ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }

    /// <summary>The second part of an ISO 3166-2 code.</summary>
    public string? Region { get; init; }

    public string? PostalCode { get; init; }

    /// <summary>Degrees north, WGS 84.</summary>
    public double? Latitude { get; init; }

    /// <summary>Degrees east, WGS 84.</summary>
    public double? Longitude { get; init; }

    /// <summary>One that is not active takes nothing in, and orders take nothing from it.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Whether orders are sent from here. The stock of a location that does not fulfil is on hand and cannot be ordered.</summary>
    public bool Fulfils { get; init; } = true;

    public int Revision { get; init; }

    public static Location Default { get; } = new() { Id = DefaultCode, Name = "Main location", Priority = 0 };

    public bool IsSource => IsActive && Fulfils;

    /// <summary>All locations in the order in which stock is taken from them.</summary>
    public static async Task<IReadOnlyList<Location>> AllAsync(IQuerySession session, CancellationToken cancellationToken)
    {
        var stored = await session.Query<Location>().Take(MaximumCount).ToListAsync(cancellationToken);
        var all = stored.Any(static location => location.Id == DefaultCode) ? stored : [Default, .. stored];
        return [.. all.OrderBy(static location => location.Priority).ThenBy(static location => location.Id, StringComparer.Ordinal)];
    }

    public static async Task<Location> RequireAsync(IQuerySession session, string code, CancellationToken cancellationToken) =>
        await session.LoadAsync<Location>(code, cancellationToken) ?? (code == DefaultCode ? Default : throw Unknown(code));

    /// <summary>A location that takes goods in.</summary>
    /// <exception cref="ProblemException">422 when there is none, 409 when it is not active.</exception>
    public static async Task RequireActiveAsync(IQuerySession session, string code, CancellationToken cancellationToken)
    {
        if (!(await RequireAsync(session, code, cancellationToken)).IsActive)
        {
            throw new ProblemException(InventoryProblems.InactiveLocation, $"The location '{code}' is not active and takes nothing in. Make it active first, or use another one.");
        }
    }

    public static ProblemException Unknown(string code) =>
        new(InventoryProblems.UnknownLocation, $"There is no location '{code}'. Create it first, or use one of those at /api/inventory/locations.");

    public static bool IsCode(string code) => CodePattern().IsMatch(code);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,29}\z")]
    private static partial Regex CodePattern();
}
