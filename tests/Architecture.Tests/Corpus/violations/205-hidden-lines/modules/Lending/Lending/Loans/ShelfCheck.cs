using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
#line hidden
    public static string TitleOf(object copy) => ((Copy)copy).Title; // finds: module-references ""
#line default
}
