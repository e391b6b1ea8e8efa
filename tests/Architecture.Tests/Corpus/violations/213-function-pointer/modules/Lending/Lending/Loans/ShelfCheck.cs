using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static unsafe class ShelfCheck
{
    public static string Title(delegate*<Copy, string> ask, object copy) => ask((Copy)copy); // finds: module-references ""
}
