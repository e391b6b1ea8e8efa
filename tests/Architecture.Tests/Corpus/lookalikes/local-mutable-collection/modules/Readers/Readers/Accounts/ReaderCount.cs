namespace ModularMonolith.Readers.Accounts;

internal static class ReaderCount
{
    public static int Count(IEnumerable<string> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            seen[name] = seen.GetValueOrDefault(name) + 1;
        }

        return seen.Count;
    }
}
