using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Carries the news of commits between hosts by LISTEN and NOTIFY. Nothing depends on it but the delay: who misses a notification
/// finds the events at the next poll. It is sent after commits and not in their transactions, because PostgreSQL lets
/// transactions that notify commit one after the other only.
/// </summary>
internal sealed partial class LogListener(
    LogSignal commits, LogSignal replays, ModuleDataSources sources, DatabaseAddress address, IConfiguration configuration, TimeProvider time, ILogger logger)
{
    public const string Channel = "integration_log";
    public const string Replay = "replay";

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);
    private const int KeepAliveSeconds = 10;

    private readonly string _self = Guid.NewGuid().ToString("N");

    /// <summary>Whether anybody else is there to be told.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Tells others of this process's commits, at most about 1,000 times a second.</summary>
    public async Task TellAsync(ModuleDescriptor module, CancellationToken cancellationToken)
    {
        var source = sources.For(module);
        while (true)
        {
            await commits.NextHere.WaitAsync(cancellationToken);
            if (!HasOthers)
            {
                continue;
            }

            try
            {
                await using var command = source.CreateCommand("select pg_notify($1, $2)");
                command.Parameters.AddWithValue(Channel);
                command.Parameters.AddWithValue(_self);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                LogSilent(exception);
            }

            await Task.Delay(Gap, time, cancellationToken);
        }
    }

    /// <summary>Hears of other processes' commits, on a connection of its own.</summary>
    public async Task ListenAsync(ModuleDescriptor module, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ListenOnceAsync(module, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogDeaf(exception);
            }

            await Task.Delay(Reconnect, time, cancellationToken);
        }
    }

    private async Task ListenOnceAsync(ModuleDescriptor module, CancellationToken cancellationToken)
    {
        var direct = configuration.GetConnectionString("Listen");
        var builder = new NpgsqlConnectionStringBuilder(string.IsNullOrWhiteSpace(direct) ? address.ConnectionStringOf(module) : direct)
        {
            Pooling = false,
            KeepAlive = KeepAliveSeconds,
        };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload == Replay)
            {
                replays.Raise();
            }
            else if (notification.Payload != _self)
            {
                commits.RaiseFromOutside();
            }
        };
        await connection.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand("listen " + Channel, connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was committed while nobody listened.
        commits.RaiseFromOutside();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Other hosts could not be told of a commit; they find it when they look next.")]
    private partial void LogSilent(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Commits of other hosts are not heard of at the moment; they are found by polling once a second.")]
    private partial void LogDeaf(Exception exception);
}
