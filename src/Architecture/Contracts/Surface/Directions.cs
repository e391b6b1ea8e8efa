namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Which way values of a type go.</summary>
[Flags]
internal enum Direction
{
    None = 0,

    /// <summary>Consumers write it, the module reads it.</summary>
    Request = 1,

    /// <summary>The module writes it, consumers read it.</summary>
    Answer = 2,

    /// <summary>It is published, and handled by consumers.</summary>
    Event = 4,
}

/// <summary>Finds out which way the values of each type of a surface go: what a request holds goes one way, what it is answered with and what an event holds the other.</summary>
internal sealed class Directions
{
    private static readonly string[] Requests = ["ICommand", "IQuery", "IRequest", "IStreamRequest"];

    private readonly Dictionary<string, SurfaceType> _types;
    private readonly Dictionary<string, Direction> _directions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _events = new(StringComparer.Ordinal);

    public Directions(IEnumerable<SurfaceType> types)
    {
        _types = types.ToDictionary(static type => type.Name, StringComparer.Ordinal);
        foreach (var type in _types.Values)
        {
            if (type.Bases.Any(static found => found == "IIntegrationEvent"))
            {
                Follow(type, Direction.Event, type.Name);
            }
            else if (type.Bases.Any(IsRequest))
            {
                Follow(type, Direction.Request, null);
                foreach (var answer in Named(ResponseOf(type) ?? string.Empty))
                {
                    Follow(answer, Direction.Answer, null);
                }
            }
        }
    }

    /// <summary>Which ways values of a type go. What nobody is known to send may be used in each way that the types of the assembly are.</summary>
    public Direction Of(string type) => _directions.GetValueOrDefault(type) is var found && found == Direction.None ? Direction.Request | Direction.Answer : found;

    /// <summary>The events that hold a type, when nothing else does; none otherwise.</summary>
    public IReadOnlyCollection<string> EventsOnly(string type) => _directions.GetValueOrDefault(type) == Direction.Event ? _events[type] : [];

    /// <summary>Whether a base is that of a request.</summary>
    public static bool IsRequest(string found) => Requests.Contains(found.Split('<')[0]);

    /// <summary>What a request is answered with; null when with nothing, or when the type is no request.</summary>
    public static string? ResponseOf(SurfaceType type) =>
        type.Bases.FirstOrDefault(IsRequest) is { } found && found.IndexOf('<', StringComparison.Ordinal) is > 0 and var open ? found[(open + 1)..found.LastIndexOf('>')] : null;

    private void Follow(SurfaceType type, Direction direction, string? root)
    {
        var known = _directions.GetValueOrDefault(type.Name);
        var isNew = (known & direction) == 0;
        _directions[type.Name] = known | direction;
        if (root is not null)
        {
            if (!_events.TryGetValue(type.Name, out var roots))
            {
                _events[type.Name] = roots = new HashSet<string>(StringComparer.Ordinal);
            }

            isNew |= roots.Add(root);
        }

        if (!isNew)
        {
            return;
        }

        foreach (var part in type.Data.SelectMany(part => Named(part.Type)))
        {
            Follow(part, direction, root);
        }
    }

    private IEnumerable<SurfaceType> Named(string text) =>
        text.Split(['<', '>', ',', ' ', '?', '[', ']', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Select(name => _types.GetValueOrDefault(name)).OfType<SurfaceType>();
}
