using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    [System.Runtime.CompilerServices.ModuleInitializer]
    public static void Begin() => GC.KeepAlive(new Copy()); // finds: module-references ""
}
