using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static unsafe class ShelfCheck
{
    public static nint Address() => (nint)(delegate*<Copy, string>)&CopyWords.Describe; // finds: module-references ""
}
