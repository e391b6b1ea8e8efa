using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class StandsForAttribute(Type type) : Attribute
{
    public Type Type => type;
}

[StandsFor(typeof(Copy))]
internal sealed class ShelfCheck; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
