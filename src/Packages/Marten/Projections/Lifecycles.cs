namespace JasperFx.Events.Projections;

/// <summary>When a snapshot is kept up to date.</summary>
public enum SnapshotLifecycle
{
    /// <summary>In the transaction that appends the events.</summary>
    Inline = 0,

    /// <summary>Later, by the daemon.</summary>
    Async = 1,
}

/// <summary>When a projection runs.</summary>
public enum ProjectionLifecycle
{
    /// <summary>In the transaction that appends the events.</summary>
    Inline = 0,

    /// <summary>Later, by the daemon.</summary>
    Async = 1,

    /// <summary>Each time the aggregate is read.</summary>
    Live = 2,
}
