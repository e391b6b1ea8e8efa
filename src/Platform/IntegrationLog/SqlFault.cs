using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>What exceptions say of the database, and how the database keeps what exceptions say.</summary>
internal static class SqlFault
{
    /// <summary>Whether a commit found that somebody else had been faster (<see cref="LogSchema.Moved"/>).</summary>
    public static bool HasMoved(Exception? exception) =>
        exception is PostgresException { SqlState: LogSchema.Moved } || (exception?.InnerException is { } inner && HasMoved(inner));

    /// <summary>An exception as PostgreSQL can keep it: text has no place for the character 0.</summary>
    public static string Text(Exception? exception, int longest)
    {
        var text = exception?.ToString().Replace("\0", string.Empty, StringComparison.Ordinal) ?? string.Empty;
        return text.Length <= longest ? text : text[..longest];
    }
}

/// <summary>How long to wait before the next attempt.</summary>
internal static class Backoff
{
    /// <summary>Full jitter over an exponential ceiling, so that what failed together does not come back together.</summary>
    public static TimeSpan After(int attempt) =>
        TimeSpan.FromMilliseconds(20 + Random.Shared.Next((int)Math.Min(10_000, 50 * Math.Pow(2, Math.Min(attempt, 10)))));
}
