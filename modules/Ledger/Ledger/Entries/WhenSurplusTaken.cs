using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what was taken without belonging to a capture.</summary>
[Subscription("book-surpluses")]
internal sealed class WhenSurplusTaken(EntryWriter entries) : IHandleBatch<SurplusTaken>
{
    public Task HandleAsync(IReadOnlyList<Delivered<SurplusTaken>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
