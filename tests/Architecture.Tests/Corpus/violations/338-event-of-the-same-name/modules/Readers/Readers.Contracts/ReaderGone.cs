using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader is gone.</summary>
/// <param name="ReaderId">The reader.</param>
[EventName("readers.reader-left")]
public sealed record ReaderGone(Guid ReaderId) : IIntegrationEvent // finds: event-names-are-unique "ReaderGone"
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
