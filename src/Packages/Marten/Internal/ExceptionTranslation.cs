using Marten.Exceptions;
using Npgsql;

namespace Marten.Internal;

/// <summary>The one place where errors of the database become errors of the store.</summary>
internal static class ExceptionTranslation
{
    /// <summary>What an error means to the caller of the store; errors of other kinds, cancellation among them, stay as they are.</summary>
    public static Exception Translate(Exception exception, NpgsqlCommand? command) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => new ConcurrentUpdateException(exception),
        NpgsqlException { InnerException: TimeoutException } => new MartenCommandException(command, exception, MartenCommandException.MaybeLockedRowsMessage),
        NpgsqlException => new MartenCommandException(command, exception),
        _ => exception,
    };

    /// <summary>How long to wait before an attempt: doubling from 50 ms, by half at random so that rivals do not meet again.</summary>
    public static TimeSpan PauseBefore(int attempt) => TimeSpan.FromMilliseconds((25 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble()));

    /// <summary>Whether a read may be repeated: nothing was changed, and the cause may pass.</summary>
    public static bool MayRepeatRead(Exception exception) => exception is NpgsqlException { IsTransient: true };

    /// <summary>
    /// Whether a unit of work may be repeated: only when the server itself answered that it rolled back or had no resources.
    /// After a broken connection nobody knows whether the commit happened.
    /// </summary>
    public static bool MayRepeatWrite(Exception exception) => exception is PostgresException
    {
        SqlState: "40000" or "40001" or "40P01" or "55000" or "55006" or "55P03" or "57P03" or "58000" or "58030"
            or "53000" or "53100" or "53200" or "53300" or "53400",
    };
}
