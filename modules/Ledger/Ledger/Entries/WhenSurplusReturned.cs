using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books the surplus that was given back.</summary>
[Subscription("book-returned-surpluses")]
internal sealed class WhenSurplusReturned(EntryWriter entries) : IHandleBatch<SurplusReturned>
{
    public Task HandleAsync(IReadOnlyList<Delivered<SurplusReturned>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
