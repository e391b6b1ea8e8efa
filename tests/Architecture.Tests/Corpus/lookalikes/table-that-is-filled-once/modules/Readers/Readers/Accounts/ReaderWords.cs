namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWords
{
    public static readonly ReaderWords All = new();

    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    private ReaderWords()
    {
        _words["good"] = "may borrow";
        _words["owing"] = "has to pay";
    }

    public string this[string standing] => _words.TryGetValue(standing, out var words) ? words : _words["owing"];

    public int Count => _words.Count;
}
