using JasperFx;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Counts;

internal enum CountStatus
{
    /// <summary>Quantities are entered.</summary>
    Open,

    /// <summary>The stock was set right by what was found.</summary>
    Closed,

    /// <summary>It was given up and changed nothing.</summary>
    Cancelled,
}

internal enum CountAction
{
    Enter,
    Close,
    Cancel,
}

/// <summary>What was found of one SKU.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="Counted">What was found.</param>
/// <param name="Expected">What should have been there at that moment.</param>
/// <param name="CountedAt">That moment.</param>
internal sealed record CountedLine(string Sku, int Counted, int Expected, DateTimeOffset CountedAt)
{
    /// <summary>By how much the stock was wrong. It still is by as much when goods have come and gone since.</summary>
    public int Difference => Counted - Expected;
}

/// <summary>A count of the stock at one location, in which goods come and go as ever.</summary>
internal sealed class StockCount : IRevisioned
{
    public const int MostLines = 500;

    public Guid Id { get; set; }

    public string Location { get; set; } = string.Empty;

    public CountStatus Status { get; set; }

    public string? Note { get; set; }

    public IReadOnlyList<CountedLine> Lines { get; set; } = [];

    public DateTimeOffset OpenedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public int Version { get; set; }

    /// <summary>The state after an action.</summary>
    /// <exception cref="ProblemException">409 when the state does not allow it.</exception>
    public static CountStatus Next(CountStatus status, CountAction action) => (status, action) switch
    {
        (CountStatus.Open, CountAction.Enter) => CountStatus.Open,
        (CountStatus.Open, CountAction.Close) => CountStatus.Closed,
        (CountStatus.Open, CountAction.Cancel) => CountStatus.Cancelled,
        _ => throw new ProblemException(ProblemTypes.IllegalState, $"The count is {status.ToString().ToLowerInvariant()}, and nothing of it can be changed any more. Open another one."),
    };
}

/// <summary>That a SKU at a location is part of an open count, and so of no other.</summary>
/// <param name="Id">The stock item's key.</param>
/// <param name="CountId">The count.</param>
internal sealed record CountedItem(string Id, Guid CountId);

/// <summary>A count.</summary>
/// <param name="Id">The count.</param>
/// <param name="Location">Where.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Note">What people wrote.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="EndedAt">When it was closed or cancelled.</param>
/// <param name="Lines">What was found, by SKU.</param>
internal sealed record CountView(Guid Id, string Location, CountStatus Status, string? Note, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, IReadOnlyList<CountedLine> Lines)
{
    public static Versioned<CountView> Of(StockCount count, int version) => new(
        new CountView(count.Id, count.Location, count.Status, count.Note, count.OpenedAt, count.EndedAt, [.. count.Lines.OrderBy(static line => line.Sku, StringComparer.Ordinal)]), version);
}
