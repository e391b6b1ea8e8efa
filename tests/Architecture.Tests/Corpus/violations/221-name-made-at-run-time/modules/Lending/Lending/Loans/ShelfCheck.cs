namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static Type? Find(string kind)
    {
        var type = Type.GetType(
            "ModularMonolith.Shelves.Copies." + kind); // finds: no-reflection-by-name "looks a type up by a name that only the running program knows"
        return type;
    }
}
