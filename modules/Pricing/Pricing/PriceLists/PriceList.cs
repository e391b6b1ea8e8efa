using JasperFx;
using Marten;
using ModularMonolith.Pricing.CustomerGroups;

namespace ModularMonolith.Pricing.PriceLists;

/// <summary>Prices in one currency that take the place of the catalogue's: for everybody or a group, always or for a time. The prices are in a table beside it.</summary>
internal sealed record PriceList : IRevisioned
{
    public const int MaximumCount = 500;

    /// <summary>The code by which requests and quotes name it.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>ISO 4217. It never changes, because every price is in it.</summary>
    public required string Currency { get; init; }

    /// <summary>The group whose members it is for; null for everybody.</summary>
    public string? CustomerGroup { get; init; }

    /// <summary>The first moment at which it counts; null for always.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>The first moment at which it counts no more; null for never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Of several lists that have a price the one with the highest number counts.</summary>
    public int Priority { get; init; }

    public int Version { get; set; }

    public bool IsActive(DateTimeOffset at) => !(at < StartsAt) && !(at >= EndsAt);

    public bool IsFor(IReadOnlyList<string> customerGroups) => CustomerGroup is null || customerGroups.Contains(CustomerGroup, StringComparer.Ordinal);

    public static async Task<PriceList?> FindAsync(IQuerySession session, string code, CancellationToken cancellationToken) =>
        Codes.IsWellFormed(code) ? await session.LoadAsync<PriceList>(code, cancellationToken) : null;
}

/// <param name="Code">The code by which it is named.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CustomerGroup">The group whose members it is for; null for everybody.</param>
/// <param name="StartsAt">From when on it counts; null for always.</param>
/// <param name="EndsAt">Until when it counts; null for ever.</param>
/// <param name="Priority">Of several lists the one with the highest number counts.</param>
/// <param name="Version">Rises with each change of what stands here, not with those of its prices.</param>
internal sealed record PriceListView(
    string Code, string Title, string Currency, string? CustomerGroup, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, int Priority, int Version)
{
    public static PriceListView Of(PriceList list, int version) =>
        new(list.Id, list.Title, list.Currency, list.CustomerGroup, list.StartsAt, list.EndsAt, list.Priority, version);
}
