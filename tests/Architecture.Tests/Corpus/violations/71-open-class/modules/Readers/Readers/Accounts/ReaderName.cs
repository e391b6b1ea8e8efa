namespace ModularMonolith.Readers.Accounts;

internal class ReaderName // finds: module-types-are-sealed "is neither sealed nor abstract"
{
    public string Text { get; init; } = string.Empty;
}
