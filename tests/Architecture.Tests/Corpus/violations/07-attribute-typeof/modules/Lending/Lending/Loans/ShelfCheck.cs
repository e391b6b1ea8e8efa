using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class StandsForAttribute(Type type) : Attribute
{
    public Type Type => type;
}

[StandsFor(typeof(Copy))] // finds: module-references "names ModularMonolith.Shelves.Copies.Copy in an attribute" → ModularMonolith.Shelves.Copies.Copy
internal sealed class ShelfCheck;
