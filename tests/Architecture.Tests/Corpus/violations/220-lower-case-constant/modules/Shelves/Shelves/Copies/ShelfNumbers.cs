namespace ModularMonolith.Shelves.Copies;

internal static class ShelfNumbers
{
    public const int most = 4;
}
