using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    [System.Runtime.CompilerServices.CompilerGenerated]
    public static string TitleOf(object copy) => ((Copy)copy).Title; // finds: module-references ""

    [System.CodeDom.Compiler.GeneratedCode("nothing", "1.0")]
    public static object Make() => new Copy(); // finds: module-references ""
}
