using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years([System.ComponentModel.DefaultValue(Copy.YearsAtMost)] int years) => years; // finds: module-references ""
}
