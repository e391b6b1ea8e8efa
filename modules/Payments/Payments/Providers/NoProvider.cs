using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;

namespace ModularMonolith.Payments.Providers;

/// <summary>For a shop that takes no cards: refuses all of them. Gift cards, and orders that are paid in another way, need no provider.</summary>
internal sealed class NoProvider : IPaymentProvider
{
    private static readonly Task<ProviderOutcome> Refused = Task.FromResult<ProviderOutcome>(new WasRefused("no-provider", "Cards are not accepted here."));

    public string Name => PaymentsSettings.None;

    public Task<ProviderOutcome> AuthoriseAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    public Task<ProviderOutcome> RetrieveAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    public Task<ProviderOutcome> CaptureAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    public Task<ProviderOutcome> ChargeAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    public Task<ProviderOutcome> CancelAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    public Task<ProviderOutcome> RefundAsync(ProviderOperation operation, CancellationToken cancellationToken) => Refused;

    /// <summary>Refunds are of the time when there was a provider; that they have come back is not for this one to say.</summary>
    public Task<ProviderOutcome> RetrieveRefundAsync(ProviderOperation operation, CancellationToken cancellationToken) =>
        Task.FromResult<ProviderOutcome>(new IsUnknown("There is no provider that could be asked."));

    public Task<ProviderTransactionPage> ReportAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellationToken) =>
        Task.FromResult(new ProviderTransactionPage(Name, [], null));
}
