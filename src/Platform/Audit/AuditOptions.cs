namespace ModularMonolith.Platform.Audit;

/// <summary>Configuration section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>How many days entries are kept; 1 to 36,500, or 0 for ever. It is written to the database by <c>migrate</c>.</summary>
    public int RetentionDays { get; set; } = 730;

    /// <summary>How many seconds an entry waits at most to be sealed before health says so; 1 to 86,400.</summary>
    public int BacklogSeconds { get; set; } = 60;

    /// <summary>How many minutes pass at least between two heads of the chain in the host's log; 1 to 1,440.</summary>
    public int HeadMinutes { get; set; } = 5;
}
