namespace ModularMonolith.Lending.Loans;

/// <summary>What a client can follow; nobody here does.</summary>
internal sealed record LoanLinks(string Copy)
{
    public static LoanLinks Of(Guid copyId) => new($"/api/shelves/copies/{copyId}");
}
