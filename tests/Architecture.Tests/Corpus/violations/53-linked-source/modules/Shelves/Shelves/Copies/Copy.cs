namespace ModularMonolith.Shelves.Copies;

internal sealed class Copy
{
    public const int YearsAtMost = 40;

    public Guid Id { get; init; } // finds: namespaces-follow-folders "stands in modules/Shelves/Shelves/Copies/Copy.cs, which is outside of its project"

    public string Title { get; init; } = string.Empty;

    public CopyState State { get; set; }
}

internal enum CopyState
{
    Present,
    Lent,
    Lost,
}

internal sealed class CopyMissingException(Guid id) : Exception($"There is no copy {id}.") // finds: namespaces-follow-folders "stands in modules/Shelves/Shelves/Copies/Copy.cs, which is outside of its project"
{
    public Guid Id => id;
}
