using System.Collections.Frozen;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderCache
{
    private static readonly FrozenDictionary<string, List<Guid>> Waiting = FrozenDictionary.ToFrozenDictionary<string, List<Guid>>([new("desk", [])]); // finds: no-static-mutable-state "is static, and what is in its List can change"

    public static void Wait(Guid reader) => Waiting["desk"].Add(reader);
}
