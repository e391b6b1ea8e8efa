namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderCard(Guid Id, string Name)
{
    public ReaderCard Renamed(string name) => this with { Name = name };

    public static ReaderCard operator +(ReaderCard left, ReaderCard right) => left with { Name = left.Name + right.Name };
}
