using ModularMonolith.Readers.Contracts;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed record LoanNotes(string Text);
