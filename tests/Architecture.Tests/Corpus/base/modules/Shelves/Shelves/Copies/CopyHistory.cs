namespace ModularMonolith.Shelves.Copies;

internal sealed record CopyMoved(string Shelf);

internal sealed class CopyHistory
{
    public Guid Id { get; init; }

    public string Shelf { get; private set; } = string.Empty;

    public void Apply(CopyMoved moved) => Shelf = moved.Shelf;
}
