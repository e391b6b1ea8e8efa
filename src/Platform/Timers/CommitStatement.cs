using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Timers;

/// <summary>A statement that must be part of the transaction of the command which this scope sends: that a timer has fired, say.</summary>
internal sealed class CommitStatement
{
    private (string Sql, object[] Parameters)? _statement;

    public void Set(string sql, params object[] parameters) => _statement = (sql, parameters);

    /// <summary>The statement, once; null when there is none or it was taken.</summary>
    public (string Sql, object[] Parameters)? Take()
    {
        var taken = _statement;
        _statement = null;
        return taken;
    }
}

/// <summary>Wakes this process when it has committed a timer that is due before it would look by itself.</summary>
internal sealed class TimerSignal(TimeProvider time)
{
    public LogSignal Due { get; } = new();

    /// <summary>Most timers are minutes or days away: waking for those would have every module look at every one.</summary>
    public void Committed(DateTimeOffset earliest)
    {
        if (earliest - time.GetUtcNow() <= TimerRunner.Polling)
        {
            Due.Raise();
        }
    }
}
