using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader is new.</summary>
/// <param name="ReaderId">The reader.</param>
[EventName("lending.reader-joined")]
public sealed record ReaderJoined(Guid ReaderId) : IIntegrationEvent // finds: events-are-named "is named 'lending.reader-joined' and belongs to 'readers'"
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
