using Marten;
using Marten.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Marten.Tests.Documents;
using Npgsql;

namespace ModularMonolith.Marten.Tests;

public sealed class StoreRegistrationTests
{
    [Fact]
    public async Task All_stores_are_listed_and_filled_when_the_application_starts()
    {
        var dataSource = await TestStore.SharedAsync();
        var services = new ServiceCollection();
        services.AddSingleton(dataSource);
        services.AddMarten(o => o.DatabaseSchemaName = TestStore.NewSchema()).UseNpgsqlDataSource(c => new NpgsqlDataSourceBuilder(c)).UseDirtyTrackedSessions();
        services.AddMartenStore<IFirstStore>(o => Configure(o, dataSource)).UseDirtyTrackedSessions();
        services.AddMartenStore<ISecondStore>(o => Configure(o, dataSource)).BuildSessionsWith<OwnFactory>(ServiceLifetime.Scoped);
        services.InitializeMartenWith(new NamedUser("one")).InitializeMartenWith<FixedUser>();
        services.InitializeMartenWith<IFirstStore>(new NamedUser("two")).InitializeMartenWith<ISecondStore, FixedUser>();
        services.AddSingleton("service");
        services.ConfigureMartenWithServices<LateOptions>().ConfigureMartenWithServices<LateOptions>();
        await using var provider = services.BuildServiceProvider();
        foreach (var start in provider.GetServices<IHostedService>())
            await start.StartAsync(default);

        var stores = provider.AllDocumentStores();
        Assert.Equal([provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<IFirstStore>(), provider.GetRequiredService<ISecondStore>()], stores);
        Assert.Contains("mt_doc_service", stores[0].Options.Schema.For<User>(), StringComparison.Ordinal);
        Assert.Equal(["fixed", "one"], await NamesAsync(stores[0]));
        Assert.Equal(["two"], await NamesAsync(stores[1]));
        Assert.Equal(["fixed"], await NamesAsync(stores[2]));

        await using var scope = provider.CreateAsyncScope();
        await using var own = scope.ServiceProvider.GetRequiredKeyedService<IDocumentSession>(typeof(ISecondStore));
        Assert.Equal("own", own.CorrelationId);
        foreach (var session in new[] { scope.ServiceProvider.GetRequiredService<IDocumentSession>(), scope.ServiceProvider.GetRequiredKeyedService<IDocumentSession>(typeof(IFirstStore)) })
        {
            foreach (var user in await session.Query<User>().ToListAsync())
                user.Name += "!";
            await session.SaveChangesAsync();
        }

        Assert.Equal(["fixed!", "one!"], await NamesAsync(stores[0]));
    }

    private static void Configure(StoreOptions options, NpgsqlDataSource dataSource)
    {
        options.Connection(dataSource);
        options.DatabaseSchemaName = TestStore.NewSchema();
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(IDocumentStore store)
    {
        await using var session = store.QuerySession();
        return [.. (await session.Query<User>().Select(x => x.Name).ToListAsync()).Order(StringComparer.Ordinal)];
    }

    private sealed class NamedUser(string name) : IInitialData
    {
        public async Task Populate(IDocumentStore store, CancellationToken cancellation)
        {
            await using var session = store.LightweightSession();
            session.Store(new User { Name = name });
            await session.SaveChangesAsync(cancellation);
        }
    }

    private sealed class FixedUser : IInitialData
    {
        public Task Populate(IDocumentStore store, CancellationToken cancellation) => new NamedUser("fixed").Populate(store, cancellation);
    }

    private sealed class LateOptions(string service) : IAsyncConfigureMarten
    {
        public async ValueTask Configure(StoreOptions options, CancellationToken cancellationToken)
        {
            await Task.Yield();
            options.Schema.For<User>().DocumentAlias(service);
        }
    }

    private sealed class OwnFactory(ISecondStore store) : ISessionFactory
    {
        public IQuerySession QuerySession() => store.QuerySession();

        public IDocumentSession OpenSession()
        {
            var session = store.LightweightSession();
            session.CorrelationId = "own";
            return session;
        }
    }
}
