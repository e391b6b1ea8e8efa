namespace ModularMonolith.Lending.Loans;

internal sealed class Loan
{
    public Guid Id { get; init; }

    public Guid CopyId { get; init; }

    public Guid ReaderId { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public bool IsOver { get; set; }
}
