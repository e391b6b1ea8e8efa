using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>The host on which the conventions are shown, the same for all of their classes.</summary>
public sealed class ConventionsHost : IAsyncLifetime
{
    private RunningHost? _running;

    internal Api Api => _running!.Api;

    internal Uri Address => _running!.Process.Address;

    internal Callers Callers => _running!.Callers;

    internal Shop Shop => new(Api);

    public async Task InitializeAsync() => _running = await RunningHost.StartAsync();

    public async Task DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }
    }

    /// <summary>Does something to the database behind the host's back.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_running!.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<T> ScalarAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_running!.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A product that can be changed, with its address and its tag.</summary>
    internal async Task<(string Path, string Tag)> ProductAsync(string title = "Kettle")
    {
        var created = (await Api.PostAsync("/api/catalog/products", Product(title))).Expect(201);
        return (created.Header("Location"), created.Header("ETag"));
    }

    internal static object Product(string title, string? sku = null) =>
        new { title, variants = new[] { new { sku = sku ?? Shop.NewSku(), price = new { amount = 2500, currency = "EUR" } } } };
}

[CollectionDefinition(Name)]
public sealed class ConventionsHosts : ICollectionFixture<ConventionsHost>
{
    public const string Name = "conventions";
}
