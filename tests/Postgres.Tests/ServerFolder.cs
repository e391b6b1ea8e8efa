using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Provisioning;
using ModularMonolith.Postgres.Running;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Postgres.Tests;

/// <summary>A temporary data folder of one test; disposing it ends whatever server is left in it and deletes it.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    private readonly string parent = Path.Combine(TestFolders.Root(), "modular-monolith-postgres-tests-" + Guid.NewGuid().ToString("N"));

    public ServerFolder(string name = "postgres")
    {
        Directory.CreateDirectory(parent);
        DataFolder = Path.Combine(parent, name);
    }

    /// <summary>The data folder; it does not exist yet.</summary>
    public string DataFolder { get; }

    public string Cluster => Path.Combine(DataFolder, "cluster");

    public PostmasterPidFile? PidFile => PostmasterPidFile.Read(Cluster);

    public Task<PostgresServer> StartAsync(ILogger? logger = null, CancellationToken cancellationToken = default) =>
        PostgresServer.StartAsync(Options(), logger ?? NullLogger.Instance, cancellationToken);

    public PostgresServerOptions Options(int? port = null, Dictionary<string, string>? settings = null) => new()
    {
        DataFolder = DataFolder,
        Durable = false,
        Port = port,
        Settings = settings ?? [],
    };

    /// <summary>Creates the cluster and stops its server again.</summary>
    public async Task InitialiseAsync() => await (await StartAsync()).DisposeAsync();

    /// <summary>As kill -9 on the server's main process.</summary>
    public void KillPostmaster()
    {
        using var postmaster = Process.GetProcessById(PidFile!.ProcessId);
        postmaster.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(DataFolder))
        {
            using var hostLock = HostLock.Acquire(DataFolder);
            if (File.Exists(Path.Combine(Cluster, "PG_VERSION")))
                await PostgresServer.AbortRemnantAsync(DataFolder, null, NullLogger.Instance, CancellationToken.None);
        }

        await TestFolders.DeleteAsync(parent);
    }
}

/// <summary>One statement on a connection of its own.</summary>
internal static class Sql
{
    public static async Task<object?> QueryAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
