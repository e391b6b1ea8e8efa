using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Accounts;

/// <summary>A reader is new.</summary>
/// <param name="ReaderId">The reader.</param>
[EventName("readers.reader-joined")]
internal sealed record ReaderJoined(Guid ReaderId) : IIntegrationEvent // finds: events-are-contracts "is not a public sealed type of Readers.Contracts"
{
    string IIntegrationEvent.Key => ReaderId.ToString();
}
