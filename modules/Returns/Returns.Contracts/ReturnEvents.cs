using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Returns.Contracts;

/// <summary>Told by Returns: a return is over, its goods are dealt with and its money is given back.</summary>
/// <param name="ReturnId">The return.</param>
/// <param name="OrderId">The order that the goods are of.</param>
/// <param name="CompletedAt">When.</param>
[EventName("returns.return-completed")]
public sealed record ReturnCompleted(Guid ReturnId, Guid OrderId, DateTimeOffset CompletedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReturnId.ToString();
}
