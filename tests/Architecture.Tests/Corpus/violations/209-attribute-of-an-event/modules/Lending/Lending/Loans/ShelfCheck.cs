using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.All)]
internal sealed class AboutAttribute(Type type) : Attribute
{
    public Type Type => type;
}

internal sealed class ShelfCheck
{
    [About(typeof(Copy))] // finds: module-references ""
    public event EventHandler? Changed;

    public void Change() => Changed?.Invoke(this, EventArgs.Empty);
}
