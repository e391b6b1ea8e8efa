using JasperFx.Events.Projections;
using Marten.Exceptions;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Marten.Tests.Events;
using ModularMonolith.Postgres;
using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.Marten.Tests.Failures;

public sealed class ServerRestartTests
{
    [Fact]
    public async Task A_store_works_on_after_a_restart_of_the_server()
    {
        await using var server = await TestServer.StartOwnAsync();
        await using var test = await ProxiedStore.CreateAsync(server.ConnectionString, o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var waiting = test.Store.LightweightSession();
        var stream = await waiting.Events.FetchForWriting<Account>(id);
        stream.AppendOne(new MoneyDeposited(5));

        await server.Server.StopAsync();
        await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(100))));
        await using var again = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                BinariesPath = Environment.GetEnvironmentVariable("Postgres__BinariesPath"),
                DataFolder = server.Server.DataFolder,
                Durable = false,
            },
            NullLogger.Instance);
        test.Proxy.TargetPort = again.Port;

        // What was fetched before the restart is still what it was decided on.
        await waiting.SaveChangesAsync();
        await using var session = test.Store.LightweightSession();
        Assert.Equal(5, (await session.LoadAsync<Account>(id))!.Balance);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        Assert.Equal(6, (await session.Events.FetchLatest<Account>(id))!.Balance);
    }
}
