using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Pipeline;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Delivers the log to one subscription, one event and one transaction at a time, in the log's order.</summary>
internal sealed partial class SubscriptionWorker(
    Subscription subscription, NpgsqlDataSource source, LogWatermark watermark, IServiceScopeFactory scopes, TimeProvider time, ILogger logger)
{
    private const int PageSize = 100;
    private const int AttemptsBeforeParking = 5;

    private const string Page = """
        select position, id, producer, version, key, payload::text, headers::text, occurred_at
        from integration.message
        where name = $1 and position > $2 and position <= $3
        order by position limit $4
        """;

    private long _persisted;

    /// <summary>The cursor as it is stored; 0 for a new subscription, which starts at the log's beginning.</summary>
    public async Task<long> LoadCursorAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            with made as (insert into log_cursor (subscription, position) values ($1, 0) on conflict do nothing)
            select position from log_cursor where subscription = $1
            """);
        command.Parameters.AddWithValue(subscription.Name);
        _persisted = await command.ExecuteScalarAsync(cancellationToken) is long position ? position : 0;
        return _persisted;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var read = _persisted;
        while (true)
        {
            var settled = await watermark.WaitBeyondAsync(read, cancellationToken);
            var page = await ReadAsync(read, settled, cancellationToken);
            foreach (var message in page)
            {
                await DeliverAsync(message, cancellationToken);
                read = message.Position;
            }

            if (page.Count < PageSize)
            {
                read = settled;
            }
        }
    }

    private async Task<List<LogMessage>> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Page);
        command.Parameters.AddWithValue(subscription.EventName);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<LogMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(new LogMessage(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return messages;
    }

    private async Task DeliverAsync(LogMessage message, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A commit can fail on its way back only, and another host may have been faster: the stored cursor says what was delivered.
                if (attempt == 1 || await LoadCursorAsync(cancellationToken) < message.Position)
                {
                    await HandleAsync(message, attempt, cancellationToken);
                }

                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                var fault = TransientFault.Find(exception);
                if (!fault && attempt >= AttemptsBeforeParking)
                {
                    LogParked(subscription.Module.Name, subscription.Name, subscription.EventName, message.Position, attempt, exception);
                    await ParkAsync(message, attempt, exception, cancellationToken);
                    return;
                }

                LogFailed(subscription.Module.Name, subscription.Name, subscription.EventName, message.Position, attempt, exception);
                await Task.Delay(Backoff(attempt), time, cancellationToken);
            }
        }
    }

    private async Task HandleAsync(LogMessage message, int attempt, CancellationToken cancellationToken)
    {
        using var activity = subscription.Module.ActivitySource.StartActivity(
            subscription.Name + " process", ActivityKind.Consumer, TraceParent(message.Headers));
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        using var active = services.GetRequiredService<ActiveUnitsOfWork>().Enter(subscription.Module);
        var unitOfWork = services.GetRequiredKeyedService<IUnitOfWork>(subscription.Module.Name);
        var context = new EventContext(message.Id, message.Position, message.Producer, message.OccurredAt, attempt);
        await subscription.InvokeAsync(services, message.Payload, context, cancellationToken);
        await CommitWithCursorAsync(unitOfWork, message.Position, cancellationToken);
    }

    private async Task CommitWithCursorAsync(IUnitOfWork unitOfWork, long position, CancellationToken cancellationToken)
    {
        unitOfWork.Documents.QueueSqlCommand("call move_log_cursor(?, ?, ?)", subscription.Name, _persisted, position);
        await unitOfWork.SaveAsync(cancellationToken);
        _persisted = position;
    }

    private async Task ParkAsync(LogMessage message, int attempts, Exception exception, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var unitOfWork = scope.ServiceProvider.GetRequiredKeyedService<IUnitOfWork>(subscription.Module.Name);
        unitOfWork.Documents.QueueSqlCommand(
            "insert into log_dead_letter (subscription, position, message_id, name, key, payload, attempts, error) values (?, ?, ?, ?, ?, ?::jsonb, ?, ?) on conflict do nothing",
            subscription.Name, message.Position, message.Id, subscription.EventName, message.Key, message.Payload, attempts, exception.ToString());
        await CommitWithCursorAsync(unitOfWork, message.Position, cancellationToken);
    }

    // Full jitter over an exponential ceiling, so that subscriptions that failed together do not come back together.
    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromMilliseconds(20 + Random.Shared.Next((int)Math.Min(10_000, 50 * Math.Pow(2, Math.Min(attempt, 10)))));

    private static string? TraceParent(string headers) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(headers)?.GetValueOrDefault("traceparent");

    [LoggerMessage(LogLevel.Warning, "Subscription {Module}/{Subscription} failed on {EventName} at position {Position} (attempt {Attempt}); it is tried again.")]
    private partial void LogFailed(string module, string subscription, string eventName, long position, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Error, "Subscription {Module}/{Subscription} parked {EventName} at position {Position} after {Attempt} attempts; it is kept in the module's log_dead_letter table.")]
    private partial void LogParked(string module, string subscription, string eventName, long position, int attempt, Exception exception);

    private sealed record LogMessage(
        long Position, Guid Id, string Producer, int Version, string Key, string Payload, string Headers, DateTimeOffset OccurredAt);
}
