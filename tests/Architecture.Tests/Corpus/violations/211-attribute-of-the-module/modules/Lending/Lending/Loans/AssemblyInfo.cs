using ModularMonolith.Shelves.Copies;

[module: ModularMonolith.Lending.Loans.About(typeof(Copy))] // finds: module-references ""

namespace ModularMonolith.Lending.Loans
{
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class AboutAttribute(Type type) : Attribute
    {
        public Type Type => type;
    }
}
