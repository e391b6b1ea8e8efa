namespace ModularMonolith.Shelves.Copies;

internal sealed class ShelfBell
{
    public event EventHandler? Rang;

    public void Ring() => Rang?.Invoke(this, EventArgs.Empty);
}
