using System.Diagnostics;
using Marten.Services;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Marten.Observability;

/// <summary>
/// Writes commands to the log of the application: each with its duration at the level Debug, failures to reach the database as
/// errors (what the database refuses is for the caller to judge, and often expected), and as a warning those that took a fifth of the time that a command may last (1 second by default). The SQL is logged, the values
/// are not: they may be anybody's data.
/// </summary>
internal sealed partial class CommandLog(ILogger logger, StoreOptions options) : IMartenLogger
{
    public IMartenSessionLogger StartSession(IQuerySession session) =>
        logger.IsEnabled(LogLevel.Warning) ? new SessionLog(logger, TimeSpan.FromSeconds(options.CommandTimeout / 5.0)) : NulloMartenLogger.Instance;

    public void SchemaChange(string sql) => LogSchemaChange(logger, sql);

    [LoggerMessage(1, LogLevel.Debug, "The command took {Milliseconds} ms: {Sql}")]
    private static partial void LogDone(ILogger logger, long milliseconds, string sql);

    [LoggerMessage(2, LogLevel.Warning, "The command is slow, it took {Milliseconds} ms: {Sql}")]
    private static partial void LogSlow(ILogger logger, long milliseconds, string sql);

    [LoggerMessage(EventId = 3, Message = "The command failed after {Milliseconds} ms: {Sql}")]
    private static partial void LogFailed(ILogger logger, LogLevel level, Exception exception, long milliseconds, string sql);

    [LoggerMessage(4, LogLevel.Error, "{Text}")]
    private static partial void LogError(ILogger logger, Exception exception, string text);

    [LoggerMessage(5, LogLevel.Debug, "Saved {Inserted} insertions, {Updated} updates, {Deleted} deletions and {Events} events")]
    private static partial void LogSaved(ILogger logger, int inserted, int updated, int deleted, int events);

    [LoggerMessage(6, LogLevel.Information, "The schema is changed: {Sql}")]
    private static partial void LogSchemaChange(ILogger logger, string sql);

    private sealed class SessionLog(ILogger logger, TimeSpan slow) : IMartenSessionLogger
    {
        private long started;

        public void OnBeforeExecute(NpgsqlCommand command) => started = Stopwatch.GetTimestamp();

        public void OnBeforeExecute(NpgsqlBatch batch) => started = Stopwatch.GetTimestamp();

        public void LogSuccess(NpgsqlCommand command) => Done(command, static c => c.CommandText);

        public void LogSuccess(NpgsqlBatch batch) => Done(batch, TextOf);

        public void LogFailure(NpgsqlCommand command, Exception ex) => Failed(ex, command.CommandText);

        public void LogFailure(NpgsqlBatch batch, Exception ex) => Failed(ex, TextOf(batch));

        public void LogFailure(Exception ex, string message) => LogError(logger, ex, message);

        public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
        {
            if (logger.IsEnabled(LogLevel.Debug))
                LogSaved(logger, commit.Inserted.Count(), commit.Updated.Count(), commit.Deleted.Count(), commit.GetEvents().Count());
        }

        private static string TextOf(NpgsqlBatch batch) => string.Join(";\n", batch.BatchCommands.Select<NpgsqlBatchCommand, string>(c => c.CommandText));

        private void Done<T>(T command, Func<T, string> text)
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= slow)
                LogSlow(logger, (long)elapsed.TotalMilliseconds, text(command));
            else if (logger.IsEnabled(LogLevel.Debug))
                LogDone(logger, (long)elapsed.TotalMilliseconds, text(command));
        }

        // A cancelled command is the caller's wish and no error.
        private void Failed(Exception exception, string sql)
        {
            if (exception is not OperationCanceledException)
                LogFailed(logger, exception is PostgresException ? LogLevel.Debug : LogLevel.Error, exception, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, sql);
        }
    }
}
