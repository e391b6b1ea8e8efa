namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Configuration section <c>Log</c>.</summary>
public sealed class LogOptions
{
    /// <summary>
    /// Whether hosts tell each other of commits with LISTEN and NOTIFY. Without it, and where it fails, they look once a second. A pooler in
    /// transaction mode cannot pass LISTEN on: give the direct address as <c>ConnectionStrings:Listen</c>, or switch it off.
    /// </summary>
    public bool Listen { get; set; } = true;

    /// <summary>
    /// How many full months of events are kept; 1 or more, forever when null. It is written to the database by <c>migrate</c>. Events that a
    /// subscription has not had yet are kept in any case.
    /// </summary>
    public int? KeepMonths { get; set; }

    /// <summary>How long a host that says nothing is believed to live; 1 to 60 seconds. It says so three times in that time.</summary>
    public double LeaseSeconds { get; set; } = 3;
}
