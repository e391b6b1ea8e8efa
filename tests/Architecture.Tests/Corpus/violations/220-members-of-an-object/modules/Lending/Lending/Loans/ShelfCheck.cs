namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static object? TitleOf(object copy)
    {
        return copy.GetType().GetProperty("Title")?.GetValue(copy); // finds: no-reflection-by-name "looks 'Title' of what only the running program knows up by name"
    }
}
