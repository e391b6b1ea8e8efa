using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.All)]
internal sealed class AboutAttribute(Type type) : Attribute
{
    public Type Type => type;
}

internal static class ShelfCheck
{
    public static Func<int, int> Twice() =>
        [About(typeof(Copy))] static (number) => number * 2; // finds: module-references ""
}
