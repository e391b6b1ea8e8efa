using JasperFx;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Reconciliations;

internal enum ReconciliationStatus
{
    /// <summary>The provider's report is being read.</summary>
    Running,

    /// <summary>Every movement is in both.</summary>
    Balanced,

    /// <summary>Something is different, if only by one unit.</summary>
    Drift,

    /// <summary>The report could not be read.</summary>
    Failed,
}

internal enum DifferenceKind
{
    /// <summary>The provider reports it and nobody has booked it.</summary>
    MissingInLedger,

    /// <summary>It is booked and the provider does not report it.</summary>
    MissingAtProvider,

    /// <summary>Both have it with different amounts.</summary>
    DifferentAmount,

    /// <summary>The provider reports it more often than it is booked.</summary>
    DuplicateAtProvider,
}

/// <summary>One comparison of the ledger with what the provider reports.</summary>
internal sealed class Reconciliation : IRevisioned
{
    public Guid Id { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset To { get; set; }

    public ReconciliationStatus Status { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? Provider { get; set; }

    /// <summary>Where the next page of the report begins; null before the first.</summary>
    public string? Next { get; set; }

    /// <summary>Whether the whole report has been read.</summary>
    public bool IsRead { get; set; }

    /// <summary>How often the provider did not answer.</summary>
    public int Failures { get; set; }

    public int Transactions { get; set; }

    public int Undecided { get; set; }

    public IReadOnlyList<ReconciledTotal> Totals { get; set; } = [];

    public int DifferenceCount { get; set; }

    public IReadOnlyList<Difference> Differences { get; set; } = [];

    public Acknowledgement? Acknowledged { get; set; }

    public int Version { get; set; }
}

/// <param name="Recorded">What the ledger says that came in less what went out.</param>
/// <param name="Reported">What the provider says.</param>
internal sealed record ReconciledTotal(Money Recorded, Money Reported);

/// <param name="Kind">What is different.</param>
/// <param name="ProviderReference">The provider's capture or refund.</param>
/// <param name="Recorded">What the ledger says; null for nothing.</param>
/// <param name="Reported">What the provider says; null for nothing.</param>
internal sealed record Difference(DifferenceKind Kind, string ProviderReference, Money? Recorded, Money? Reported);

/// <param name="By">The subject of whoever has looked into it.</param>
/// <param name="At">When.</param>
/// <param name="Note">What was found.</param>
internal sealed record Acknowledgement(string By, DateTimeOffset At, string Note);

/// <summary>A reconciliation as the API shows it.</summary>
/// <param name="Id">The reconciliation.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment after the last.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="EndedAt">When it was through.</param>
/// <param name="Provider">The provider; null before its first answer.</param>
/// <param name="Transactions">How many of the provider's movements were read.</param>
/// <param name="Undecided">How many captures and refunds were left out, because they moved too close to an end of the time.</param>
/// <param name="Totals">Both sides in each currency.</param>
/// <param name="DifferenceCount">How many captures and refunds differ.</param>
/// <param name="Differences">The first 100 of them.</param>
/// <param name="Acknowledged">Who has looked into the drift.</param>
internal sealed record ReconciliationView(
    Guid Id, DateTimeOffset From, DateTimeOffset To, ReconciliationStatus Status, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Provider, int Transactions, int Undecided,
    IReadOnlyList<ReconciledTotal> Totals, int DifferenceCount, IReadOnlyList<Difference> Differences, Acknowledgement? Acknowledged)
{
    public static ReconciliationView Of(Reconciliation reconciliation) => new(
        reconciliation.Id, reconciliation.From, reconciliation.To, reconciliation.Status, reconciliation.StartedAt, reconciliation.EndedAt, reconciliation.Provider, reconciliation.Transactions,
        reconciliation.Undecided, reconciliation.Totals, reconciliation.DifferenceCount, reconciliation.Differences, reconciliation.Acknowledged);
}
