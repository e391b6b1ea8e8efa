using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Data;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Platform.Hosting;

/// <summary>
/// Before anything else starts: the database (a private one when none is configured), then roles and schema where this
/// environment brings them up to date by itself. After everything else has stopped: the private database.
/// </summary>
internal sealed partial class DatabaseStartup(
    DatabaseAddress address, SchemaMigrator migrator, StartupState state, IOptions<DatabaseOptions> options, IConfiguration configuration,
    IHostEnvironment environment, ILoggerFactory loggers) : IHostedLifecycleService
{
    private const string DatabaseName = "modular_monolith";

    private readonly ILogger _logger = loggers.CreateLogger<DatabaseStartup>();
    private PostgresServer? _server;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await StartServerAsync(cancellationToken);
            if (options.Value.MigrateOnStart ?? environment.IsDevelopment())
            {
                await migrator.MigrateAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (StartFailedException.Explain(exception) is { } explanation)
        {
            throw new StartFailedException(explanation, exception);
        }

        state.MarkStarted();
        LogReady(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            _server = null;
            NpgsqlConnection.ClearAllPools();
            await server.DisposeAsync();
        }
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        if (address.IsConfigured)
        {
            return;
        }

        var section = configuration.GetSection("Postgres");
        _server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                BinariesPath = section["BinariesPath"],
                DataFolder = section["DataFolder"] ?? Path.Combine(DataRoot(environment.ContentRootPath), ".data", "postgres"),
            },
            loggers.CreateLogger<PostgresServer>(),
            cancellationToken);
        var connection = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        await CreateDatabaseAsync(connection, cancellationToken);
        connection.Database = DatabaseName;
        address.UseProvisioned(connection.ConnectionString);
    }

    // Next to the solution when there is one, so that every way of starting the host from a checkout finds the same data.
    private static string DataRoot(string contentRoot)
    {
        for (var folder = new DirectoryInfo(contentRoot); folder is not null; folder = folder.Parent)
        {
            if (folder.EnumerateFiles("*.sln").Any())
            {
                return folder.FullName;
            }
        }

        return contentRoot;
    }

    private static async Task CreateDatabaseAsync(NpgsqlConnectionStringBuilder server, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await using var exists = source.CreateCommand("select exists (select from pg_database where datname = $1)");
        exists.Parameters.AddWithValue(DatabaseName);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            await using var create = source.CreateCommand($"create database {DatabaseName}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "The database is ready after {Seconds:F2} s.")]
    private partial void LogReady(double seconds);
}
