using JasperFx.Events.Daemon;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon.Coordination
{
    /// <summary>Decides whether the daemon of a store runs in this process.</summary>
    public interface IProjectionCoordinator : IHostedService
    {
        /// <summary>The daemon of this process, running or not.</summary>
        IProjectionDaemon DaemonForMainDatabase();

        /// <summary>The daemons of this process: one here.</summary>
        ValueTask<IReadOnlyList<IProjectionDaemon>> AllDaemonsAsync();

        /// <summary>Stops the daemon and leaves it to other processes until <see cref="ResumeAsync"/>.</summary>
        Task PauseAsync();

        /// <summary>Runs the daemon again, where it is this process's turn.</summary>
        Task ResumeAsync();
    }

    /// <summary>Decides whether the daemon of a store runs in this process.</summary>
    /// <typeparam name="T">The store's marker.</typeparam>
    public interface IProjectionCoordinator<T> : IProjectionCoordinator where T : class, IDocumentStore;
}

namespace Marten.Events.Daemon
{
    /// <summary>The coordinator of one store: alone, or the leader while it holds an advisory lock.</summary>
    /// <typeparam name="T">The store.</typeparam>
    internal sealed class ProjectionCoordinator<T>(T store, ILogger<ProjectionCoordinator<T>> logger) : IProjectionCoordinator<T>, IAsyncDisposable where T : class, IDocumentStore
    {
        private static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(250);
        private readonly SemaphoreSlim gate = new(1);
        private readonly Lazy<ProjectionDaemon> daemon = new(() => new ProjectionDaemon((DocumentStore)(object)store, logger));
        private CancellationTokenSource? stop;
        private Task running = Task.CompletedTask;
        private int disposed;

        private DocumentStore Store => (DocumentStore)(object)store;

        private DaemonSettings Settings => Store.Options.Projections;

        public IProjectionDaemon DaemonForMainDatabase() => daemon.Value;

        public ValueTask<IReadOnlyList<IProjectionDaemon>> AllDaemonsAsync() => new([daemon.Value]);

        public Task StartAsync(CancellationToken cancellationToken) => ResumeAsync();

        public Task StopAsync(CancellationToken cancellationToken) => PauseAsync();

        public async Task ResumeAsync()
        {
            await gate.WaitAsync();
            try
            {
                if (stop is not null || !Store.Options.Projections.HasAnyAsyncProjections())
                    return;
                stop = new CancellationTokenSource();
                running = Settings.AsyncMode switch
                {
                    DaemonMode.Solo => Task.Run(() => RunAsync(RunAloneAsync, stop.Token)),
                    DaemonMode.HotCold => Task.Run(() => RunAsync(RunAsLeaderAsync, stop.Token)),
                    _ => Task.CompletedTask,
                };
            }
            finally
            {
                gate.Release();
            }
        }

        public async Task PauseAsync()
        {
            await gate.WaitAsync();
            try
            {
                if (stop is not { } source)
                    return;
                await source.CancelAsync();
                await running;
                source.Dispose();
                stop = null;
            }
            finally
            {
                gate.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref disposed, 1) != 0)
                return;
            await PauseAsync();
            if (daemon.IsValueCreated)
                await daemon.Value.DisposeAsync();
            gate.Dispose();
        }

        private async Task RunAsync(Func<CancellationToken, Task> turn, CancellationToken token)
        {
            while (!token.IsCancellationRequested)
            {
                try
                {
                    await turn(token);
                    await Task.Delay(Settings.LeadershipPollingTime, token);
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    logger.LogError(exception, "The daemon of store {Store} does not run in this process. It tries again in {Pause} ms.", Store.Options.StoreName, Settings.LeadershipPollingTime);
                    await Task.Delay(Settings.LeadershipPollingTime, token).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
            }
        }

        private async Task RunAloneAsync(CancellationToken token)
        {
            try
            {
                await daemon.Value.StartAllAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                await daemon.Value.StopAllAsync();
            }
        }

        // The lock ends with its connection, so a process that dies gives it up. What a former leader still saves cannot
        // count twice: each page advances the progress from exactly where it began.
        private async Task RunAsLeaderAsync(CancellationToken token)
        {
            await using var connection = await Store.DataSource.OpenConnectionAsync(token);
            if (!await LockAsync(connection, "pg_try_advisory_lock", token))
                return;
            logger.LogInformation("This process runs the daemon of store {Store}.", Store.Options.StoreName);
            try
            {
                await daemon.Value.StartAllAsync();
                while (true)
                {
                    // Waiting for a message that never comes notices a broken connection at once.
                    var since = TimeProvider.System.GetTimestamp();
                    while (TimeProvider.System.GetElapsedTime(since) < Settings.HealthCheckPollingTime)
                    {
                        // A cancelled wait would leave it open in which state the connection is that gives up the lock next.
                        token.ThrowIfCancellationRequested();
                        await connection.WaitAsync(WaitInterval, CancellationToken.None);
                    }

                    await using var alive = new NpgsqlCommand("select 1", connection) { CommandTimeout = Math.Max(1, (int)Settings.HealthCheckPollingTime.TotalSeconds) };
                    await alive.ExecuteNonQueryAsync(CancellationToken.None);
                }
            }
            finally
            {
                await daemon.Value.StopAllAsync();
                if (connection.State == System.Data.ConnectionState.Open)
                    await LockAsync(connection, "pg_advisory_unlock", CancellationToken.None);
            }
        }

        private async Task<bool> LockAsync(NpgsqlConnection connection, string function, CancellationToken token)
        {
            await using var command = new NpgsqlCommand($"select {function}($1, hashtext($2))", connection);
            command.Parameters.Add(EventParameters.Value(Settings.DaemonLockId, NpgsqlDbType.Integer));
            command.Parameters.Add(EventParameters.Value(Store.Options.EventGraph.Sql.Events, NpgsqlDbType.Text));
            return (bool)(await command.ExecuteScalarAsync(token))!;
        }
    }
}
