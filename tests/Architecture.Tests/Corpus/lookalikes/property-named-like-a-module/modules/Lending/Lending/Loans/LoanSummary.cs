using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed record LoanSummary(ReaderView Readers, string Shelves)
{
    public string Text => Readers.Standing + Shelves.Trim() + nameof(Shelves) + nameof(Readers.Id);
}
