namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    private static readonly Dictionary<Guid, string> Names = []; // finds: no-static-mutable-state "is static, and what is in its Dictionary can change"

    public static string? Find(Guid id) => Names.GetValueOrDefault(id);
}
