using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.All)]
internal sealed class AboutAttribute(Type type) : Attribute
{
    public Type Type => type;
}

internal sealed class ShelfCheck<[About(typeof(Copy))] T> // finds: module-references ""
{
    public T? Last { get; set; }
}
