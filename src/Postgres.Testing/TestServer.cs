using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ModularMonolith.Postgres.Testing;

/// <summary>
/// A private PostgreSQL server for tests: the product's own <see cref="PostgresServer"/> with durability off, in a temporary
/// folder. Each test process has one shared server, started when the first test asks for it, and removed with its folder when
/// the process ends, even by kill -9. Should that fail, the next test process removes what was left.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly Lazy<Task<TestServer>> SharedServer = new(() => StartAsync(null));

    private readonly PostgresServer server;
    private readonly Caretaker? caretaker;
    private readonly IDisposable claim;
    private readonly NpgsqlDataSource administration;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> templates = new(StringComparer.Ordinal);
    private int databases;
    private int disposed;

    private TestServer(PostgresServer server)
    {
        this.server = server;
        claim = TestFolders.Claim(server.DataFolder);
        if (OperatingSystem.IsWindows())
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        else
            caretaker = Caretaker.Start(server);
        administration = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = 8 });
    }

    /// <summary>Connects the superuser to the server's <c>postgres</c> database.</summary>
    public string ConnectionString => server.ConnectionString;

    /// <summary>The server itself.</summary>
    public PostgresServer Server => server;

    /// <summary>The same setting that configures the host's binaries, as an environment variable.</summary>
    internal static string? BinariesPath => Environment.GetEnvironmentVariable("Postgres__BinariesPath");

    /// <summary>This process's shared server; the first call starts it.</summary>
    /// <exception cref="PostgresUnavailableException">There is no PostgreSQL to start; the message says what to do.</exception>
    public static Task<TestServer> SharedAsync() => SharedServer.Value;

    /// <summary>
    /// A server of the caller's own, for a test that stops, kills or configures it. Disposing removes it with its folder.
    /// </summary>
    /// <param name="settings">Further PostgreSQL settings, or null.</param>
    public static Task<TestServer> StartOwnAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        StartAsync(settings);

    /// <summary>Creates an empty database, or a copy of <paramref name="template"/>, which nobody may be connected to.</summary>
    /// <param name="template">An existing database to copy, or null.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(string? template = null)
    {
        var name = NextName("test");
        await ExecuteAsync($"create database {Quoted(name)} template {Quoted(template ?? "template0")}");
        return new TestDatabase(this, name, ConnectionStringTo(name));
    }

    /// <summary>
    /// Creates a database as <paramref name="build"/> leaves it. The first call for a key builds it once, others copy the result,
    /// which is much faster than building a schema again.
    /// </summary>
    /// <param name="templateKey">Names the result of <paramref name="build"/>; the same key always means the same builder.</param>
    /// <param name="build">Gets a connection string to an empty database and fills it.</param>
    public async Task<TestDatabase> CloneAsync(string templateKey, Func<string, Task> build)
    {
        while (true)
        {
            var mine = new Lazy<Task<string>>(() => BuildTemplateAsync(build));
            var template = templates.GetOrAdd(templateKey, mine);
            try
            {
                return await CreateDatabaseAsync(await template.Value);
            }
            catch when (template.Value.IsFaulted)
            {
                // A builder that failed may succeed when it is asked again; that another caller's has failed says nothing of this one's.
                templates.TryRemove(KeyValuePair.Create(templateKey, template));
                if (template == mine)
                    throw;
            }
        }
    }

    /// <summary>Stops the server and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        await administration.DisposeAsync();
        await server.AbortAsync(CancellationToken.None);
        claim.Dispose();
        await TestFolders.DeleteAsync(server.DataFolder);
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        caretaker?.Dispose();
    }

    internal Task DropDatabaseAsync(string name) => ExecuteAsync($"drop database if exists {Quoted(name)} with (force)");

    private static async Task<TestServer> StartAsync(IReadOnlyDictionary<string, string>? settings)
    {
        await TestFolders.SweepAsync(CancellationToken.None);
        var all = new Dictionary<string, string>
        {
            ["shared_buffers"] = "32MB",
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "1h",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            all[name] = value;
        var options = new PostgresServerOptions
        {
            BinariesPath = BinariesPath,
            DataFolder = TestFolders.NewFolder(),
            Durable = false,
            StopAtProcessExit = false,
            // Each host has a pool for each of its modules, and several hosts run at once, some with fifty requests at once.
            MaxConnections = 1_000,
            Settings = all,
        };
        return new TestServer(await PostgresServer.StartAsync(options, NullLogger.Instance));
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static string Quoted(string name) => '"' + name.Replace("\"", "\"\"") + '"';

    private async Task<string> BuildTemplateAsync(Func<string, Task> build)
    {
        var name = NextName("template");
        await ExecuteAsync($"create database {Quoted(name)} template template0");
        var connectionString = ConnectionStringTo(name);
        await build(connectionString);
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);

        // A database cannot be copied while somebody is connected to it, and a builder may leave idle connections.
        await ExecuteAsync($"alter database {Quoted(name)} with allow_connections false");
        await using var end = administration.CreateCommand("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1");
        end.Parameters.Add(new NpgsqlParameter { Value = name });
        await end.ExecuteNonQueryAsync();
        return name;
    }

    private string NextName(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref databases)}");

    private string ConnectionStringTo(string database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var command = administration.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
