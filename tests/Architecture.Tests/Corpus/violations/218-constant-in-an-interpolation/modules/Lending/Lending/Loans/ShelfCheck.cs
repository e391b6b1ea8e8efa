using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static string Years() => $"At most {Copy.YearsAtMost} years."; // finds: module-references ""

    public static string Word() => $$"""
        {{nameof(Copy.Title)}} // finds: module-references ""
        """;
}
