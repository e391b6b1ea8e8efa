using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Patching;
using ModularMonolith.Postgres.Testing;
using Npgsql;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

/// <summary>PostgreSQL applies no policy to superusers, so these stores connect as a role that owns its schema only.</summary>
public sealed class RowLevelSecurityTests
{
    [Fact]
    public async Task Rows_of_other_tenants_are_hidden_and_cannot_be_written_whatever_the_statement_says()
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity());
        var store = guarded.Store;
        Assert.Equal("app.tenant_id", guarded.Options.RlsTenantSessionSetting);
        var (mine, theirs) = (new User { Name = "mine" }, new User { Name = "theirs" });
        await SaveAsync(store, "a", s => s.Store(mine));
        await SaveAsync(store, "b", s => s.Store(theirs));
        await using var session = store.LightweightSession("a");
        var table = session.DocumentStore.Options.Schema.For<User>();
        Assert.Equal(["mine"], await session.AdvancedSql.QueryAsync<string>($"select data ->> 'Name' from {table}", default));
        Assert.Equal(["mine"], (await session.QueryAsync<User>("where true")).Select(u => u.Name));
        Assert.Equal(1, await session.Query<User>().CountAsync(x => x.AnyTenant()));
        session.QueueSqlCommand($"update {table} set tenant_id = 'b'");
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        await SaveAsync(store, "a", s => s.QueueSqlCommand($"delete from {table}"));
        await using var other = store.QuerySession("b");
        Assert.Equal("theirs", (await other.LoadAsync<User>(theirs.Id))!.Name);
    }

    [Fact]
    public async Task Every_way_to_read_and_write_names_the_tenant_without_a_round_trip_of_its_own()
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity("own.tenant"));
        var store = guarded.Store;
        User[] users = [new() { Name = "a" }, new() { Name = "b" }];
        await SaveAsync(store, "t", s => s.Insert(users));
        await using var session = store.IdentitySession("t");
        var before = session.RequestCount;
        Assert.NotNull(await session.LoadAsync<User>(users[0].Id));
        Assert.Equal(before + 1, session.RequestCount);
        Assert.Equal(2, (await session.LoadManyAsync<User>(users[0].Id, users[1].Id)).Count);
        Assert.NotNull(await session.Json.FindByIdAsync<User>(users[1].Id));
        Assert.True(await session.CheckExistsAsync<User>(users[1].Id));
        Assert.NotNull(await session.MetadataForAsync(users[0]));
        Assert.Contains("\"a\"", await session.Query<User>().Where(x => x.Name == "a").ToJsonArray(), StringComparison.Ordinal);
        await foreach (var user in session.Query<User>().OrderBy(x => x.Name).Take(1).ToAsyncEnumerable())
            Assert.Equal("a", user.Name);
        var found = new List<User>();
        Assert.Equal(2, (await session.Query<User>().Include(found).On(x => x.Id).ToListAsync()).Count);
        Assert.Equal(2, found.Count);
        var batch = session.CreateBatchQuery();
        var (one, count) = (batch.Load<User>(users[0].Id), batch.Query<User>().Count());
        await batch.Execute();
        Assert.Equal(("a", 2), ((await one)!.Name, await count));
        await using (var command = new NpgsqlCommand($"update {session.DocumentStore.Options.Schema.For<User>()} set mt_dotnet_type = $1") { Parameters = { new NpgsqlParameter { Value = "x" } } })
            Assert.Equal(2, await session.ExecuteAsync(command));

        await SaveAsync(store, "t", s =>
        {
            s.Patch<User>(x => x.Name == "a").Set(x => x.Age, 5);
            s.DeleteWhere<User>(x => x.Name == "b");
        });
        Assert.Equal(5, (await store.QuerySession("t").Query<User>().SingleAsync()).Age);
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => SaveAsync(store, "t", s => s.Insert(users[0])));
    }

    [Fact]
    public async Task A_unit_of_work_writes_for_several_tenants()
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity());
        await using var session = guarded.Store.LightweightSession("a");
        session.Store(new User());
        session.ForTenant("b").Store(new User(), new User());
        session.Store(new Page { Text = "x" });
        session.ForTenant("b").Store(new Page());
        await session.SaveChangesAsync();
        Assert.Equal(1, await session.Query<User>().CountAsync());
        Assert.Equal(2, await session.ForTenant("b").Query<User>().CountAsync());
        await session.BeginTransactionAsync(default);
        session.ForTenant("b").DeleteWhere<User>(x => x.Id != Guid.Empty);
        session.DeleteWhere<Page>(x => x.Text == "x");
        Assert.Equal(2, await session.ForTenant("b").Query<User>().CountAsync());
        await session.SaveChangesAsync();
        Assert.Equal((1, 0, 0, 1), (await session.Query<User>().CountAsync(), await session.ForTenant("b").Query<User>().CountAsync(), await session.Query<Page>().CountAsync(), await session.ForTenant("b").Query<Page>().CountAsync()));
    }

    [Fact]
    public async Task Nothing_is_left_on_a_pooled_connection()
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity(), pool: 1);
        await SaveAsync(guarded.Store, "a", s => s.Store(new User()));
        await using (var session = guarded.Store.QuerySession("a"))
            Assert.Equal(1, await session.Query<User>().CountAsync());
        await using var connection = guarded.Store.Storage.Database.CreateConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select coalesce(current_setting('app.tenant_id', true), '') || (select count(*) from {((IDocumentStore)guarded.Store).Options.Schema.For<User>()})", connection);
        Assert.Equal("0", await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData(BulkInsertMode.InsertsOnly)]
    [InlineData(BulkInsertMode.OverwriteExisting)]
    [InlineData(BulkInsertMode.IgnoreDuplicates)]
    public async Task Documents_are_inserted_in_bulk(BulkInsertMode mode)
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity());
        await guarded.Store.BulkInsertAsync("a", [new User(), new User()], mode);
        await using var session = guarded.Store.QuerySession("a");
        Assert.Equal(2, await session.Query<User>().CountAsync());
        Assert.Equal(0, await session.ForTenant("b").Query<User>().CountAsync());
    }

    [Fact]
    public async Task Policies_come_and_go_with_the_configuration_and_columns_are_filled_under_them()
    {
        await using var guarded = await GuardedStore.CreateAsync(o => o.UseRowLevelSecurity("one.tenant"));
        await SaveAsync(guarded.Store, "a", s => s.Store(new User { Name = "Ann" }));
        await guarded.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using (var changed = guarded.Reopen(o =>
        {
            o.Schema.For<User>().UseRowLevelSecurity("two.tenant").Duplicate(x => x.Name, notNull: true);
            o.Schema.For<Page>().DisableRowLevelSecurity();
        }))
        {
            await changed.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await using var session = changed.QuerySession("a");
            Assert.Equal("Ann", (await session.Query<User>().SingleAsync(x => x.Name == "Ann")).Name);
            Assert.Equal(1L, (await session.AdvancedSql.QueryAsync<long>("select count(*) from pg_policies where tablename like 'mt\\_%' and qual like '%two.tenant%'", default)).Single());
            await changed.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        }

        await using var open = guarded.Reopen(o => o.Schema.For<User>().Duplicate(x => x.Name, notNull: true));
        await open.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var free = open.QuerySession("b");
        Assert.Equal(1, await free.Query<User>().CountAsync(x => x.AnyTenant()));
    }

    [Fact]
    public async Task Snapshots_are_kept_and_rebuilt_for_each_tenant()
    {
        await using var guarded = await GuardedStore.CreateAsync(o =>
        {
            o.UseRowLevelSecurity();
            o.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
            o.Projections.Snapshot<Tally>(JasperFx.Events.Projections.SnapshotLifecycle.Inline);
        });
        var id = Guid.CreateVersion7();
        foreach (var tenant in new[] { "a", "b" })
        {
            await SaveAsync(guarded.Store, tenant, s => s.Events.StartStream<Tally>(id, new Tallied()));
            await using var session = guarded.Store.LightweightSession(tenant);
            (await session.Events.FetchForWriting<Tally>(id)).AppendOne(new Tallied());
            session.Store(new Tally { Id = Guid.CreateVersion7(), Count = 99 });
            await session.SaveChangesAsync();
        }

        using (var daemon = await guarded.Store.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync<Tally>(default);
        foreach (var tenant in new[] { "a", "b" })
        {
            await using var session = guarded.Store.QuerySession(tenant);
            Assert.Equal(2, (await session.Query<Tally>().SingleAsync()).Count);
        }

        await using var check = guarded.Store.QuerySession("a");
        Assert.True((await check.AdvancedSql.QueryAsync<bool>("select relforcerowsecurity from pg_class where relname like 'mt\\_doc\\_%tally'", default)).Single());
    }

    internal sealed record Tallied;

    internal sealed class Tally
    {
        public Guid Id { get; set; }

        public int Count { get; set; }

        public void Apply(Tallied tallied) => Count += tallied is null ? 0 : 1;
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("")]
    [InlineData("a.b'; drop table x; --")]
    [InlineData("a.b\n")]
    public void A_setting_has_a_name_of_two_words(string name)
    {
        Assert.Throws<ArgumentException>(() => new StoreOptions().UseRowLevelSecurity(name));
        Assert.Throws<ArgumentException>(() => new StoreOptions().Schema.For<User>().UseRowLevelSecurity(name));
    }

    private static async Task SaveAsync(DocumentStore store, string tenant, Action<IDocumentSession> work)
    {
        await using var session = store.LightweightSession(tenant);
        work(session);
        await session.SaveChangesAsync();
    }

    private sealed class GuardedStore : IAsyncDisposable
    {
        public required TestDatabase Database { get; init; }

        public required string ConnectionString { get; init; }

        public required DocumentStore Store { get; init; }

        public required StoreOptions Options { get; init; }

        public static async Task<GuardedStore> CreateAsync(Action<StoreOptions> configure, int pool = 10)
        {
            var server = await TestServer.SharedAsync();
            var database = await server.CreateDatabaseAsync();
            var role = "guarded_" + database.Name;
            await using (var administration = NpgsqlDataSource.Create(database.ConnectionString))
            await using (var prepare = administration.CreateCommand($"create role {role} login password 'guarded'; grant connect, temp on database {database.Name} to {role}; create schema owned authorization {role}"))
                await prepare.ExecuteNonQueryAsync();
            var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "guarded", MaxPoolSize = pool, NoResetOnClose = true }.ConnectionString;
            var options = Configured(connection, configure);
            return new GuardedStore { Database = database, ConnectionString = connection, Options = options, Store = new DocumentStore(options) };
        }

        public DocumentStore Reopen(Action<StoreOptions> configure) => new(Configured(ConnectionString, configure));

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await Database.DisposeAsync();
        }

        private static StoreOptions Configured(string connection, Action<StoreOptions> configure)
        {
            var options = new StoreOptions();
            options.Connection(connection);
            options.DatabaseSchemaName = "owned";
            options.CommandTimeout = 30;
            options.Policies.AllDocumentsAreMultiTenanted();
            options.RegisterDocumentType<User>();
            options.RegisterDocumentType<Page>();
            configure(options);
            return options;
        }
    }
}
