namespace ModularMonolith.Shelves.Copies;

internal static class ShelfWords
{
    public static string Nothing() => "nothing";
}
