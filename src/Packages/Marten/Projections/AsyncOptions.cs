namespace JasperFx.Events.Projections;

/// <summary>How the daemon runs one projection or subscription.</summary>
public class AsyncOptions
{
    /// <summary>How many events are processed in one transaction, at most; default: 500.</summary>
    public int BatchSize { get; set; } = 500;

    /// <summary>How many events may be in memory ahead of the one that is processed; default: 5,000.</summary>
    public int MaximumHopperSize { get; set; } = 5000;

    /// <summary>Document types whose documents are written, beside the projection's own.</summary>
    public List<Type> StorageTypes { get; } = [];

    /// <summary>Whether the sessions of the projection return the same instance for the same identity within one page of events.</summary>
    public bool EnableDocumentTrackingByIdentity { get; set; }

    /// <summary>Whether a rebuild deletes what the projection wrote before; default: true.</summary>
    public bool TeardownDataOnRebuild { get; set; } = true;

    internal List<Type> DeletedTypes { get; } = [];

    internal List<string> DeletedTables { get; } = [];

    internal StartPosition Start { get; private set; } = new(StartKind.Beginning, 0, default);

    /// <summary>Deletes all documents of a type when the projection is rebuilt.</summary>
    public void DeleteViewTypeOnTeardown<T>() => DeleteViewTypeOnTeardown(typeof(T));

    /// <inheritdoc cref="DeleteViewTypeOnTeardown{T}" />
    public void DeleteViewTypeOnTeardown(Type type)
    {
        DeletedTypes.Add(type);
        StorageTypes.Add(type);
    }

    /// <summary>Deletes all rows of a table when the projection is rebuilt.</summary>
    /// <param name="tableIdentifier">The name, with its schema where it is not on the search path; it is quoted.</param>
    public void DeleteDataInTableOnTeardown(string tableIdentifier)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tableIdentifier);
        DeletedTables.Add(tableIdentifier);
    }

    /// <summary>Begins, when it never ran before, behind the events that exist then.</summary>
    public AsyncOptions SubscribeFromPresent(string? databaseIdentifier = null) => Begin(new StartPosition(StartKind.Present, 0, default));

    /// <summary>Begins, when it never ran before, with the first event of a time or later.</summary>
    public AsyncOptions SubscribeFromTime(DateTimeOffset eventTimestampFloor, string? databaseIdentifier = null) =>
        Begin(new StartPosition(StartKind.Time, 0, eventTimestampFloor));

    /// <summary>Begins, when it never ran before, behind a sequence number.</summary>
    public AsyncOptions SubscribeFromSequence(long sequenceFloor, string? databaseIdentifier = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequenceFloor);
        return Begin(new StartPosition(StartKind.Sequence, sequenceFloor, default));
    }

    /// <summary>For a projection that ran inline until now: begins, when the daemon never ran it before, behind the events that exist then.</summary>
    public AsyncOptions SubscribeAsInlineToAsync() => Begin(new StartPosition(StartKind.Present, 0, default));

    private AsyncOptions Begin(StartPosition start)
    {
        Start = start;
        return this;
    }
}

internal enum StartKind
{
    Beginning,
    Present,
    Sequence,
    Time,
}

/// <summary>Where a shard begins that has no progress yet.</summary>
internal readonly record struct StartPosition(StartKind Kind, long Sequence, DateTimeOffset Time);
