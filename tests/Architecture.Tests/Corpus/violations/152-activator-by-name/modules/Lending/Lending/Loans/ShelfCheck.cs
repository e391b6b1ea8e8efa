namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object? Make()
    {
        return Activator.CreateInstance("ModularMonolith.Shelves", "ModularMonolith.Shelves.Copies.Copy")?.Unwrap(); // finds: no-reflection-by-name "makes an instance of ModularMonolith.Shelves by its name"
    }
}
