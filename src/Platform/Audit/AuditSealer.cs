using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Platform.Audit;

/// <summary>
/// Puts appended entries into the chain. The work of one host at a time; where two believe to be that one, the database lets one of them through, and one that dies in between has
/// done nothing.
/// </summary>
internal sealed partial class AuditSealer(AuditDatabase database, AuditMetrics metrics, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditSealer> logger)
{
    /// <summary>The name under which hosts share it out.</summary>
    public const string FullName = "audit/(sealer)";

    private const int BatchSize = 1_000;

    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tidying = TimeSpan.FromHours(1);

    private long _logged;
    private DateTimeOffset _nextHead;
    private DateTimeOffset _nextTidying;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = Polling;
            try
            {
                if (await SealAsync(cancellationToken) == BatchSize || await TidyAsync(cancellationToken))
                {
                    continue;
                }

                await LogHeadAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogInterrupted(exception);
                pause = Retry;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Seals what is waiting, up to a batch.</summary>
    /// <returns>How many entries.</returns>
    public async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select sealed, waiting from audit.seal($1)");
        command.Parameters.AddWithValue(BatchSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var count = reader.GetInt32(0);
        metrics.Sealed(count, reader.IsDBNull(1) ? 0 : reader.GetDouble(1));
        return count;
    }

    // A head that stands in another system's log cannot be changed together with the database.
    private async Task LogHeadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _nextHead)
        {
            return;
        }

        _nextHead = now.AddMinutes(Math.Clamp(options.Value.HeadMinutes, 1, 1_440));
        var head = await database.HeadAsync(cancellationToken);
        if (head.Position != _logged)
        {
            _logged = head.Position;
            LogHead(head.Position, head.Hash);
        }
    }

    private async Task<bool> TidyAsync(CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _nextTidying)
        {
            return false;
        }

        await using var command = database.Source.CreateCommand("select audit.retain()");
        if (await command.ExecuteScalarAsync(cancellationToken) is int removed and > 0)
        {
            LogRemoved(removed);
            return true;
        }

        _nextTidying = time.GetUtcNow() + Tidying;
        return false;
    }

    [LoggerMessage(7001, LogLevel.Information, "The audit log's chain ends at position {Position} with the hash {Hash}.")]
    private partial void LogHead(long position, string hash);

    [LoggerMessage(7002, LogLevel.Information, "{Count} entries of the audit log are past their time and were removed.")]
    private partial void LogRemoved(int count);

    [LoggerMessage(7003, LogLevel.Warning, "The audit log could not be sealed; what is waiting is sealed later. Entries go on being written.")]
    private partial void LogInterrupted(Exception exception);
}
