namespace ModularMonolith.Shelves.Copies;

internal static class ShelfNumbers
{
    internal static class Limits
    {
        public const int Most = 4;
    }
}
