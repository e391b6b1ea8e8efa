namespace ModularMonolith.Platform.Testing;

/// <summary>The system's clock, which a test can set forward and back, and have stand still. Timers run as always.</summary>
public sealed class AdjustableTime : TimeProvider
{
    private const long Running = -1;

    private long _offset;
    private long _stoppedAt = Running;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var stoppedAt = Interlocked.Read(ref _stoppedAt);
        return (stoppedAt == Running ? base.GetUtcNow() : new DateTimeOffset(stoppedAt, TimeSpan.Zero)) + TimeSpan.FromTicks(Interlocked.Read(ref _offset));
    }

    /// <summary>Moves the clock.</summary>
    /// <param name="by">How far; back when negative.</param>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    /// <summary>Has the clock stand still from now on: what is due later is never due, however long a busy machine takes.</summary>
    public void Stop() => Interlocked.CompareExchange(ref _stoppedAt, base.GetUtcNow().UtcTicks, Running);
}
