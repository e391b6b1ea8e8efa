using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Platform.Tests.Boundaries;

/// <summary>The made-up modules in a running host with a database of its own.</summary>
internal sealed class NeighbourHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestDatabase _database;

    private NeighbourHost(WebApplication app, TestDatabase database)
    {
        _app = app;
        _database = database;
        Client = app.GetTestClient();
        Source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public HttpClient Client { get; }

    /// <summary>The admin's connections.</summary>
    public NpgsqlDataSource Source { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<NeighbourHost> StartAsync(string environment = "Testing", params (string Key, string Value)[] settings)
    {
        var database = await (await Postgres.Testing.TestServer.SharedAsync()).CreateDatabaseAsync();
        var all = settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value);
        all["ConnectionStrings:Default"] = database.ConnectionString;
        all.TryAdd("Database:RolePrefix", "neighbours_" + Guid.NewGuid().ToString("N")[..8]);
        var app = Neighbours.Build(all, environment);
        app.UseModularMonolith();
        await app.StartAsync();
        return new NeighbourHost(app, database);
    }

    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    public ObservedEdge? Edge(string from, string to, string message) =>
        Services.GetRequiredService<ObservedEdges>().List().SingleOrDefault(edge => edge.From == from && edge.To == to && edge.Message.EndsWith("." + message, StringComparison.Ordinal));

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
