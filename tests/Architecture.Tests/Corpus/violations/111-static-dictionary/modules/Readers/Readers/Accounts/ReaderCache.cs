namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    private static readonly Dictionary<Guid, string> Names = []; // finds: no-static-mutable-state ""

    public static string? Find(Guid id) => Names.GetValueOrDefault(id);
}
