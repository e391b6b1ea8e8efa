namespace ModularMonolith.Readers.Accounts;

internal sealed class Reader
{
    public Guid Id { get; init; }

    public string Name { get; set; } = string.Empty;

    public long Owed { get; set; }
}
