using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shelves.Contracts;

/// <summary>A copy is gone for good.</summary>
/// <param name="CopyId">The copy.</param>
[EventName("shelves.copy-withdrawn")]
public sealed record CopyWithdrawn(Guid CopyId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => CopyId.ToString();
}
