namespace ModularMonolith.Platform.Testing;

/// <summary>The system's clock, which a test can set forward. Timers run as always.</summary>
public sealed class AdjustableTime : TimeProvider
{
    private long _offset;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Sets the clock forward.</summary>
    /// <param name="by">How far.</param>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
