using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader is new.</summary>
/// <param name="ReaderId">The reader.</param>
[EventName("lending.reader-joined")]
public sealed record ReaderJoined(Guid ReaderId) : IIntegrationEvent // finds: events-are-named ""
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
