using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;

namespace ModularMonolith.Payments.Providers;

/// <summary>
/// Somebody who moves money. Calls are made outside of any transaction and may be repeated at any time: the operation's id is the idempotency key. An outcome that is not sure is answered
/// as such (<see cref="IsUnknown"/>, <see cref="WasNotDone"/>); an exception counts as unknown.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>Its name, as <see cref="TenderPart.Provider"/> has it.</summary>
    string Name { get; }

    Task<ProviderOutcome> AuthoriseAsync(ProviderOperation operation, CancellationToken cancellationToken);

    /// <summary>Asks what has become of the operation's intent.</summary>
    Task<ProviderOutcome> RetrieveAsync(ProviderOperation operation, CancellationToken cancellationToken);

    Task<ProviderOutcome> CaptureAsync(ProviderOperation operation, CancellationToken cancellationToken);

    /// <summary>Authorises and captures at once.</summary>
    Task<ProviderOutcome> ChargeAsync(ProviderOperation operation, CancellationToken cancellationToken);

    /// <summary>Gives back all that the intent holds. Where it has taken more than the operation's amount, it answers <see cref="WasTaken"/>.</summary>
    Task<ProviderOutcome> CancelAsync(ProviderOperation operation, CancellationToken cancellationToken);

    Task<ProviderOutcome> RefundAsync(ProviderOperation operation, CancellationToken cancellationToken);

    /// <summary>Asks what has become of the operation's refund.</summary>
    Task<ProviderOutcome> RetrieveRefundAsync(ProviderOperation operation, CancellationToken cancellationToken);

    /// <summary>A page of the report of what has moved.</summary>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The moment after the last.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ProviderTransactionPage> ReportAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellationToken);
}
