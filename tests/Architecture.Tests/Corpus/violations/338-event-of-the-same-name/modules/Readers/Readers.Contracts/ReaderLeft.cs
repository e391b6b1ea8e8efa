using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader is gone.</summary>
/// <param name="ReaderId">The reader.</param>
[EventName("readers.reader-left")]
public sealed record ReaderLeft(Guid ReaderId) : IIntegrationEvent // finds: event-names-are-unique "ReaderLeft"
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
