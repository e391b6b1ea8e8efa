namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderCard(Guid Id)
{
    public static ReaderCard Parse(string text) => new(Guid.Parse(text));

    public static readonly ReaderCard None = new(Guid.Empty);

    public static Guid NewGuid(byte[] bytes) => new(bytes);
}
