namespace ModularMonolith.Lending.Loans;

/// <summary>Unlike <c>ModularMonolith.Shelves.Copies.Copy</c>, and unlike Copy.YearsAtMost, this is a note.</summary>
internal sealed class LoanNotes
{
    // ModularMonolith.Shelves.Copies.CopyState.Lost is what Shelves calls it; nameof(Copy.Title) would be wrong here.
    public string Text { get; } = "See ModularMonolith.Shelves.Copies.Copy for the rest.";
}
