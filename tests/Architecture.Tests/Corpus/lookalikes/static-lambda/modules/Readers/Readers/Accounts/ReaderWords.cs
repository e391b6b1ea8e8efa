namespace ModularMonolith.Readers.Accounts;

internal static class ReaderWords
{
    public static readonly Func<string, string> Upper = static text => text.ToUpperInvariant();

    public static IEnumerable<string> All(IEnumerable<string> texts) => texts.Select(static text => text.Trim()).Where(string.IsNullOrEmpty);
}
