using System.Globalization;
using Marten;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Marten.Tests;

/// <summary>A store in a schema of its own, in one database that all tests of this assembly share.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> SharedConnectionString = new(CreateDatabaseAsync);
    private static readonly Lazy<Task<NpgsqlDataSource>> SharedDataSource = new(ConnectAsync);
    private static int schemas;

    private TestStore(NpgsqlDataSource dataSource, string schema, DocumentStore store)
    {
        DataSource = dataSource;
        Schema = schema;
        Store = store;
    }

    /// <summary>Connects to the shared database.</summary>
    public NpgsqlDataSource DataSource { get; }

    public string Schema { get; }

    public DocumentStore Store { get; }

    public static Task<NpgsqlDataSource> SharedAsync() => SharedDataSource.Value;

    /// <summary>The connection string of the shared database.</summary>
    public static Task<string> ConnectionStringAsync() => SharedConnectionString.Value;

    public static string NewSchema() => string.Create(CultureInfo.InvariantCulture, $"store_{Interlocked.Increment(ref schemas)}");

    /// <summary>A store in a new schema, or in the schema of another store of the same test.</summary>
    public static async Task<TestStore> CreateAsync(Action<StoreOptions>? configure = null, string? schema = null)
    {
        var dataSource = await SharedAsync();
        var name = schema ?? NewSchema();
        var store = DocumentStore.For(options =>
        {
            options.Connection(dataSource);
            options.DatabaseSchemaName = name;

            // The machine of a test run may be busy with everything else.
            options.CommandTimeout = 30;
            configure?.Invoke(options);
        });
        return new TestStore(dataSource, name, store);
    }

    public IDocumentSession Session() => Store.LightweightSession();

    public IQuerySession Query() => Store.QuerySession();

    /// <summary>Saves one unit of work.</summary>
    public async Task SaveAsync(Action<IDocumentSession> work)
    {
        await using var session = Session();
        work(session);
        await session.SaveChangesAsync();
    }

    public async Task<T?> LoadAsync<T>(object id) where T : notnull
    {
        await using var session = Query();
        return await session.LoadAsync<T>(id);
    }

    /// <summary>The first column of the first row; {0} in the text stands for the schema.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(string.Format(CultureInfo.InvariantCulture, sql, Schema));
        return await command.ExecuteScalarAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(string.Format(CultureInfo.InvariantCulture, sql, Schema));
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static async Task<string> CreateDatabaseAsync()
    {
        var server = await TestServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        return new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 60 }.ConnectionString;
    }

    private static async Task<NpgsqlDataSource> ConnectAsync() => NpgsqlDataSource.Create(await SharedConnectionString.Value);
}
