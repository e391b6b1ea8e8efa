namespace ModularMonolith.Readers.Accounts;

internal static class ReaderWords
{
    public static string Describe(IReadOnlyDictionary<string, object> dynamicParts)
    {
        var @dynamic = dynamicParts.GetValueOrDefault("dynamic") ?? "none";
        return @dynamic.ToString() + nameof(dynamicParts);
    }
}
