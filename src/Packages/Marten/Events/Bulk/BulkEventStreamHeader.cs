namespace Marten.Events;

/// <summary>One stream of an import whose events come one by one.</summary>
public sealed class BulkEventStreamHeader
{
    /// <summary>The id of the stream, where streams are identified by one.</summary>
    public Guid Id { get; init; }

    /// <summary>The key of the stream, where streams are identified by one.</summary>
    public string? Key { get; init; }

    /// <summary>The version of the stream after its last event.</summary>
    public long Version { get; init; }

    /// <summary>The aggregate that the stream stands for, where it is known.</summary>
    public Type? AggregateType { get; init; }

    /// <summary>The stored name of the aggregate; goes before <see cref="AggregateType"/>.</summary>
    public string? AggregateTypeName { get; init; }

    /// <summary>Whether the stream and its events are archived.</summary>
    public bool IsArchived { get; init; }
}

/// <summary>Where the sequence numbers of imported events come from.</summary>
public enum BulkEventSequenceMode
{
    /// <summary>Each event gets the next number of the store, in the order of the import.</summary>
    AssignNew = 0,

    /// <summary>Each event keeps the number that it carries, and the store goes on behind the last one.</summary>
    PreserveSourceSequence = 1,
}
