namespace ModularMonolith.Platform.Testing;

/// <summary>The system's clock, which a test can set forward and back. Timers run as always.</summary>
public sealed class AdjustableTime : TimeProvider
{
    private long _offset;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Moves the clock.</summary>
    /// <param name="by">How far; back when negative.</param>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
