namespace ModularMonolith.Lending.Loans;

/// <summary>Stands beside <c>ModularMonolith.Shelves.Copies.Copy</c>. See Copy.YearsAtMost and <see href="https://example.org/shelves.copy"/>.</summary>
internal sealed record LoanNotes(string Text);
