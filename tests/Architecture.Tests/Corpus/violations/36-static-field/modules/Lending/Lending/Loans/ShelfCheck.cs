using System.Collections.Frozen;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    private static readonly FrozenSet<Type> Known = new[] { typeof(Shelves.Copies.Copy) }.ToFrozenSet(); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy

    public static bool Knows(Type type) => Known.Contains(type);
}
