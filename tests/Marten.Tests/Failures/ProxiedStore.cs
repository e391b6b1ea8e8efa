using System.Globalization;
using Marten;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Failures;

/// <summary>A store in a database of its own, whose connections a test can cut; and a way around the proxy to look at the tables.</summary>
internal sealed class ProxiedStore : IAsyncDisposable
{
    private readonly NpgsqlDataSource direct;

    private ProxiedStore(string connectionString, Action<StoreOptions>? configure)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        direct = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 5 });
        Proxy = new CuttingProxy(settings.Port);
        settings.Port = Proxy.Port;
        settings.MaxPoolSize = 20;
        Store = DocumentStore.For(o =>
        {
            o.Connection(settings.ConnectionString);
            o.CommandTimeout = 30;
            configure?.Invoke(o);
        });
    }

    public CuttingProxy Proxy { get; }

    public DocumentStore Store { get; }

    /// <summary>A store on the shared server, with its tables created.</summary>
    public static async Task<ProxiedStore> CreateAsync(Action<StoreOptions>? configure = null)
    {
        var server = await TestServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        return await CreateAsync(database.ConnectionString, configure);
    }

    public static async Task<ProxiedStore> CreateAsync(string connectionString, Action<StoreOptions>? configure = null)
    {
        var created = new ProxiedStore(connectionString, configure);
        await created.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return created;
    }

    public async Task SaveAsync(Action<IDocumentSession> work)
    {
        await using var session = Store.LightweightSession();
        work(session);
        await session.SaveChangesAsync();
    }

    /// <summary>The number of rows of a table, which may be followed by a condition.</summary>
    public async Task<long> CountAsync(string table)
    {
        await using var command = direct.CreateCommand($"select count(*) from {table}");
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Proxy.DisposeAsync();
        await direct.DisposeAsync();
    }
}
