using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    ~ShelfCheck() => GC.KeepAlive(new Copy()); // finds: module-references ""
}
