namespace ModularMonolith.Shelves.Copies;

internal readonly record struct ShelfMark(int Number)
{
    public static ShelfMark operator +(ShelfMark mark, int more) => new(mark.Number + more);
}
