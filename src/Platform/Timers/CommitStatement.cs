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

/// <summary>Raised when this process has committed a timer, which may be due before all others.</summary>
internal sealed class TimerSignal
{
    public LogSignal Due { get; } = new();
}
