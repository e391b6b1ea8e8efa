using Marten;
using Marten.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Marten.Tests.Documents;
using Npgsql;

namespace ModularMonolith.Marten.Tests;

internal interface IFirstStore : IDocumentStore;

internal interface ISecondStore : IDocumentStore;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Internal_markers_get_stores_of_their_own()
    {
        var dataSource = await TestStore.SharedAsync();
        var (one, two) = (TestStore.NewSchema(), TestStore.NewSchema());
        var services = new ServiceCollection();
        services.AddMartenStore<IFirstStore>(o => Configure(o, dataSource, one)).ApplyAllDatabaseChangesOnStartup();
        services.AddSingleton(dataSource);
        services.AddMartenStore<ISecondStore>(provider =>
        {
            var options = new StoreOptions();
            Configure(options, provider.GetRequiredService<NpgsqlDataSource>(), two);
            return options;
        });
        services.ConfigureMarten<ISecondStore>(o => o.Schema.For<User>().DocumentAlias("person"));
        services.ConfigureMarten<ISecondStore>((_, o) => o.CommandTimeout = 20);
        await using var provider = services.BuildServiceProvider();
        foreach (var start in provider.GetServices<IHostedService>())
            await start.StartAsync(default);

        var first = provider.GetRequiredService<IFirstStore>();
        var second = provider.GetRequiredService<ISecondStore>();
        Assert.Same(first, provider.GetRequiredService<Lazy<IFirstStore>>().Value);
        Assert.Equal("IFirstStoreImplementation", first.GetType().Name);
        Assert.Equal("Marten.DynamicStores", first.GetType().Assembly.GetName().Name);
        Assert.Equal((one, two), (first.Options.DatabaseSchemaName, second.Options.DatabaseSchemaName));
        Assert.Equal($"{two}.mt_doc_person", second.Options.Schema.For<User>());
        await using var session = second.LightweightSession();
        session.Store(new User());
        await session.SaveChangesAsync();
        await using var query = first.QuerySession();
        Assert.Null(await query.LoadAsync<User>(Guid.NewGuid()));
    }

    [Fact]
    public async Task Sessions_of_a_marked_store_can_be_keyed_services()
    {
        var dataSource = await TestStore.SharedAsync();
        var services = new ServiceCollection();
        services.AddMartenStore<IFirstStore>(o => Configure(o, dataSource, TestStore.NewSchema())).UseIdentitySessions();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredKeyedService<IDocumentSession>(typeof(IFirstStore));
        Assert.Same(session, scope.ServiceProvider.GetRequiredKeyedService<IDocumentSession>(typeof(IFirstStore)));
        Assert.Same(provider.GetRequiredService<IFirstStore>(), session.DocumentStore);
        Assert.Null(scope.ServiceProvider.GetService<IDocumentSession>());
    }

    [Fact]
    public async Task The_main_store_gives_each_scope_a_session()
    {
        var dataSource = await TestStore.SharedAsync();
        var schema = TestStore.NewSchema();
        var services = new ServiceCollection();
        services.AddMarten(o => Configure(o, dataSource, "wrong")).ApplyAllDatabaseChangesOnStartup().InitializeWith(new OneUser()).InitializeWith<OneUser>();
        services.AddSingleton<IConfigureMarten>(new Renamed(schema));
        await using var provider = services.BuildServiceProvider();
        foreach (var start in provider.GetServices<IHostedService>())
            await start.StartAsync(default);
        await using var scope = provider.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        Assert.NotNull(await scope.ServiceProvider.GetRequiredService<IQuerySession>().LoadAsync<User>(OneUser.Id));
        Assert.NotSame(await session.LoadAsync<User>(OneUser.Id), await session.LoadAsync<User>(OneUser.Id));

        var store = provider.GetRequiredService<IDocumentStore>();
        session.Store(new User());
        await session.SaveChangesAsync();
        await store.Advanced.ResetAllData();
        Assert.Equal(1L, (await session.QueryAsync<long>($"select count(*) from {schema}.mt_doc_user"))[0]);
    }

    [Fact]
    public async Task A_start_that_asserts_the_schema_names_what_is_missing()
    {
        var dataSource = await TestStore.SharedAsync();
        var schema = TestStore.NewSchema();
        var services = new ServiceCollection();
        services.AddMarten(o =>
        {
            Configure(o, dataSource, schema);
            o.RegisterDocumentType<User>();
        }).AssertDatabaseMatchesConfigurationOnStartup();
        await using var provider = services.BuildServiceProvider();
        var start = provider.GetServices<IHostedService>().ToList();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(start.Select(service => service.StartAsync(default))));
        Assert.Contains("mt_doc_user", refused.ToString(), StringComparison.Ordinal);

        await provider.GetRequiredService<IDocumentStore>().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await Task.WhenAll(start.Select(service => service.StartAsync(default)));
    }

    [Fact]
    public async Task The_data_source_may_come_from_the_application()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton("database", await TestStore.SharedAsync());
        services.AddMarten(o => o.DatabaseSchemaName = TestStore.NewSchema()).UseNpgsqlDataSource("database");
        await using var provider = services.BuildServiceProvider();
        await using var session = provider.GetRequiredService<IDocumentStore>().QuerySession();
        Assert.Null(await session.LoadAsync<User>(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_registry_declares_documents_for_any_store()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.Include<People>());
        await test.SaveAsync(s => s.Store(new User { Age = 3 }));
        Assert.Equal(3, await test.ScalarAsync("select age from {0}.mt_doc_people"));
    }

    [Fact]
    public void A_store_without_a_database_says_so()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => DocumentStore.For(_ => { }));
        Assert.Contains("Connection", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_connection_string_is_refused_without_repeating_it()
    {
        var failure = Assert.Throws<global::Marten.Exceptions.InvalidConnectionStringException>(() => DocumentStore.For("Nonsense=secret"));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static void Configure(StoreOptions options, NpgsqlDataSource dataSource, string schema)
    {
        options.Connection(dataSource);
        options.DatabaseSchemaName = schema;
        options.Schema.For<User>();
        options.CommandTimeout = 30;
    }

    private sealed class People : MartenRegistry
    {
        public People() => For<User>().DocumentAlias("people").Duplicate(x => x.Age);
    }

    private sealed class Renamed(string schema) : IConfigureMarten
    {
        public void Configure(IServiceProvider services, StoreOptions options) => options.DatabaseSchemaName = schema;
    }

    private sealed class OneUser : IInitialData
    {
        public static readonly Guid Id = new("0190d7a2-0000-7000-8000-000000000002");

        public async Task Populate(IDocumentStore store, CancellationToken cancellation)
        {
            await using var session = store.LightweightSession();
            session.Store(new User { Id = Id });
            await session.SaveChangesAsync(cancellation);
        }
    }
}
