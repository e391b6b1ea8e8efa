namespace ModularMonolith.Conformance.Checking;

/// <summary>Which API is checked, and how.</summary>
/// <param name="Address">The base address.</param>
/// <param name="Authorization">The <c>Authorization</c> header of the requests; null for none.</param>
/// <param name="ReadOnly">Whether only those checks run that write nothing.</param>
public sealed record ConformanceSettings(Uri Address, string? Authorization = null, bool ReadOnly = false)
{
    /// <summary>How many requests a run sends at most.</summary>
    public int MaximumRequests { get; init; } = 1_000;

    /// <summary>How long a run takes at most.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestDeadline { get; init; } = TimeSpan.FromSeconds(20);
}
