using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Lending.Contracts;

/// <summary>A copy was lent.</summary>
/// <param name="LoanId">The loan.</param>
/// <param name="CopyId">The copy.</param>
[EventName("lending.copy-borrowed")]
public sealed record CopyBorrowed(Guid LoanId, Guid CopyId) : IIntegrationEvent // finds: events-are-named "belongs to"
{
    string IIntegrationEvent.Key => CopyId.ToString();
}
