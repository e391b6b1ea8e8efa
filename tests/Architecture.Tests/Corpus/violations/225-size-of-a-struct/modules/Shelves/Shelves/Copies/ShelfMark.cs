namespace ModularMonolith.Shelves.Copies;

internal readonly record struct ShelfMark(int Row, int Place);
