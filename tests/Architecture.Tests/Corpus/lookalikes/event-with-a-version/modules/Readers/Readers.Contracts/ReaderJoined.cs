using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader is new.</summary>
/// <param name="ReaderId">The reader.</param>
/// <param name="Names">What they are called.</param>
[EventName("readers.reader-joined", Version = 2)]
public sealed record ReaderJoined(Guid ReaderId, IReadOnlyList<string> Names) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
