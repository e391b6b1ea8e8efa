namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderCard(string Name)
{
    public Guid Id { get; } = Guid.NewGuid(); // finds: ids-are-version-7 "Guid.NewGuid"
}
