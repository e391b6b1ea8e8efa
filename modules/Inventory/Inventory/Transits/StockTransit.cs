using FluentValidation;
using JasperFx;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Transits;

internal enum TransitStatus
{
    /// <summary>All of it is on its way.</summary>
    Sent,

    /// <summary>A part has arrived or was lost.</summary>
    PartlyReceived,

    /// <summary>All of it has arrived or was lost.</summary>
    Completed,
}

internal enum TransitAction
{
    Receive,
    Lose,
}

/// <summary>What is on its way of one SKU.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="Sent">What left.</param>
/// <param name="Received">What has arrived.</param>
/// <param name="Lost">What will not.</param>
internal sealed record TransitLine(string Sku, int Sent, int Received = 0, int Lost = 0)
{
    public int Open => Sent - Received - Lost;
}

/// <summary>What was lost, and why.</summary>
internal sealed record TransitLoss(string Sku, int Quantity, string Reason, DateTimeOffset At);

/// <summary>Goods on their way from one location to another. They are at neither: nobody can order them before they arrive.</summary>
internal sealed class StockTransit : IRevisioned
{
    public Guid Id { get; set; }

    public string From { get; set; } = string.Empty;

    public string To { get; set; } = string.Empty;

    public string? Reference { get; set; }

    public TransitStatus Status { get; set; }

    public IReadOnlyList<TransitLine> Lines { get; set; } = [];

    public IReadOnlyList<TransitLoss> Losses { get; set; } = [];

    public DateTimeOffset SentAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public int Version { get; set; }

    /// <exception cref="ProblemException">409 when the state does not allow the action.</exception>
    public static void Require(TransitStatus status, TransitAction action)
    {
        if (status == TransitStatus.Completed)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"All of the transfer has arrived or was lost; there is nothing left to {action.ToString().ToLowerInvariant()}.");
        }
    }

    /// <summary>Notes what has arrived or was lost.</summary>
    /// <exception cref="ProblemException">409 when it is more than is on its way.</exception>
    public void Settle(IReadOnlyList<StockLine> lines, TransitAction action, DateTimeOffset now)
    {
        Require(Status, action);
        var changes = lines.ToDictionary(static line => line.Sku, static line => line.Quantity, StringComparer.Ordinal);
        foreach (var (sku, quantity) in changes)
        {
            var open = Lines.FirstOrDefault(line => line.Sku == sku)?.Open ?? 0;
            if (quantity > open)
            {
                throw new ProblemException(InventoryProblems.NotInTransit, $"{open} of {sku} are on their way in this transfer, not {quantity}.").With("sku", sku).With("open", open);
            }
        }

        Lines = [.. Lines.Select(line => action == TransitAction.Receive
            ? line with { Received = line.Received + changes.GetValueOrDefault(line.Sku) }
            : line with { Lost = line.Lost + changes.GetValueOrDefault(line.Sku) })];
        Status = Lines.All(static line => line.Open == 0) ? TransitStatus.Completed : TransitStatus.PartlyReceived;
        CompletedAt = Status == TransitStatus.Completed ? now : null;
    }
}

/// <summary>Goods on their way.</summary>
/// <param name="Id">The transfer.</param>
/// <param name="From">Where they left.</param>
/// <param name="To">Where they arrive.</param>
/// <param name="Reference">What people wrote.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="SentAt">When they left.</param>
/// <param name="CompletedAt">When the last of them had arrived or was lost.</param>
/// <param name="Lines">By SKU.</param>
/// <param name="Losses">What was lost, and why.</param>
internal sealed record TransitView(
    Guid Id, string From, string To, string? Reference, TransitStatus Status, DateTimeOffset SentAt, DateTimeOffset? CompletedAt, IReadOnlyList<TransitLine> Lines, IReadOnlyList<TransitLoss> Losses)
{
    public static Versioned<TransitView> Of(StockTransit transit, int version) => new(
        new TransitView(transit.Id, transit.From, transit.To, transit.Reference, transit.Status, transit.SentAt, transit.CompletedAt, transit.Lines, transit.Losses), version);
}

internal static class TransitRules
{
    public const int MostLines = 100;

    public static void AreLines<T>(this IRuleBuilderInitial<T, IReadOnlyList<StockLine>> rule) => rule
        .NotEmpty().Must(static lines => lines is not { Count: > MostLines }).WithMessage($"At most {MostLines} SKUs at once.")
        .Must(static lines => lines is null || lines.DistinctBy(static line => line?.Sku).Count() == lines.Count).WithMessage("Name each SKU once.")
        .ForEach(static line => line.NotNull().ChildRules(static item =>
        {
            item.RuleFor(static stock => stock.Sku).IsSku();
            item.RuleFor(static stock => stock.Quantity).IsQuantity();
        }));
}
