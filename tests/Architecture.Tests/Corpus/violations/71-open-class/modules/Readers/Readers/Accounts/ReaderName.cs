namespace ModularMonolith.Readers.Accounts;

internal class ReaderName // finds: module-types-are-sealed ""
{
    public string Text { get; init; } = string.Empty;
}
