using ModularMonolith.Shelves.Copies;

[assembly: ModularMonolith.Lending.Loans.About(typeof(Copy))] // finds: module-references ""

namespace ModularMonolith.Lending.Loans
{
    [AttributeUsage(AttributeTargets.All)]
    internal sealed class AboutAttribute(Type type) : Attribute
    {
        public Type Type => type;
    }
}
