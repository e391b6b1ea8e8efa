using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Contracts;

/// <summary>Told by Ledger: what the ledger says that a provider holds is not what the provider reports.</summary>
/// <param name="ReconciliationId">The comparison that found it.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="Recorded">What the ledger says.</param>
/// <param name="Reported">What the provider says.</param>
/// <param name="FoundAt">When.</param>
[EventName("ledger.drift-found")]
public sealed record DriftFound(Guid ReconciliationId, string Provider, Money Recorded, Money Reported, DateTimeOffset FoundAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReconciliationId.ToString();
}
