using Marten;
using Marten.Services;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class SessionTests
{
    [Fact]
    public async Task Listeners_see_the_unit_of_work_before_and_after()
    {
        var listener = new Recorder();
        await using var test = await TestStore.CreateAsync(o => o.Listeners.Add(listener));
        var user = new User { Name = "a" };
        await test.SaveAsync(s =>
        {
            s.Store(user);
            s.Insert(new Label { Id = "x" });
            s.Delete<User>(Guid.NewGuid());
        });
        Assert.Equal(["queued User", "queued Label", "before", "after 1 1 1"], listener.Seen);
        await using var session = test.Session();
        await session.LoadAsync<User>(user.Id);
        Assert.Equal("loaded User", listener.Seen[^1]);
    }

    [Fact]
    public async Task A_listener_may_add_to_the_unit_of_work()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Store.OpenSession(new SessionOptions().ListenAt(new Adding()));
        session.Store(new User());
        await session.SaveChangesAsync();
        Assert.NotNull(await test.LoadAsync<Label>("added"));
    }

    [Fact]
    public async Task A_failing_listener_prevents_the_save()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        await using var session = test.Store.OpenSession(new SessionOptions().ListenAt(new Failing()));
        session.Store(new User());
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync());
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Metadata_of_the_session_is_stored_with_documents_that_ask_for_it()
    {
        await using var test = await TestStore.CreateAsync(o => o.Policies.ForAllDocuments(m =>
        {
            m.Metadata.CorrelationId.Enabled = true;
            m.Metadata.CausationId.Enabled = true;
            m.Metadata.LastModifiedBy.Enabled = true;
            m.Metadata.Headers.Enabled = true;
            m.Metadata.CreatedAt.Enabled = true;
        }));
        var user = new User();
        await using var session = test.Session();
        session.CorrelationId = "correlation";
        session.CausationId = "causation";
        session.LastModifiedBy = "somebody";
        session.SetHeader("trace", "abc");
        session.Store(user);
        await session.SaveChangesAsync();

        var metadata = await session.MetadataForAsync(user);
        Assert.NotNull(metadata);
        Assert.Equal(("correlation", "causation", "somebody"), (metadata.CorrelationId, metadata.CausationId, metadata.LastModifiedBy));
        Assert.Equal("abc", metadata.Headers!["trace"]);
        Assert.Equal(metadata.CreatedAt, metadata.LastModified);
        Assert.NotEqual(Guid.Empty, metadata.CurrentVersion);
        Assert.StartsWith(typeof(User).FullName!, metadata.DotNetType, StringComparison.Ordinal);
        Assert.Equal("abc", session.GetHeader("trace"));
        Assert.Null(session.GetHeader("other"));
        Assert.Null(await session.MetadataForAsync(new User { Id = Guid.NewGuid() }));
    }

    [Fact]
    public async Task A_logger_sees_every_command()
    {
        var log = new SchemaLog();
        await using var test = await TestStore.CreateAsync(o => o.Logger(log));
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Single(log.Changes);
        Assert.Equal(["before batch", "batch of 1", "saved 1"], log.Events);
        await using var session = test.Query();
        await Assert.ThrowsAnyAsync<Exception>(() => session.QueryAsync<int>("select 1/0"));
        Assert.Equal(["before command", "failed command"], log.Events.Skip(3));
    }

    [Fact]
    public async Task Sql_of_the_caller_reads_documents_and_scalars()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User { Name = "a", Age = 1 }, new User { Name = "b", Age = 2 }));
        await using var session = test.Query();
        Assert.Equal("b", Assert.Single(await session.QueryAsync<User>("where CAST(d.data ->> 'Age' as integer) > ?", 1)).Name);
        Assert.Equal(2, (await session.QueryAsync<User>($"select data from {test.Schema}.mt_doc_user")).Count);
        Assert.Equal(["a", "b"], await session.QueryAsync<string>($"select data ->> 'Name' from {test.Schema}.mt_doc_user order by 1"));
        Assert.Equal(3L, Assert.Single(await session.QueryAsync<long>('^', $"select sum(CAST(data ->> 'Age' as integer)) from {test.Schema}.mt_doc_user where data ? ^", "Age")));
        await using var command = new NpgsqlCommand($"select count(*) from {test.Schema}.mt_doc_user");
        await using (var reader = await session.ExecuteReaderAsync(command))
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(2L, reader.GetInt64(0));
        }

        await using var change = new NpgsqlCommand($"delete from {test.Schema}.mt_doc_user");
        Assert.Equal(2, await session.ExecuteAsync(change));
    }

    [Fact]
    public async Task The_connection_of_a_session_stays_the_same()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        var connection = session.Connection;
        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
        session.Store(new User());
        await session.SaveChangesAsync();
        Assert.Same(connection, session.Connection);
        Assert.Equal(connection.ProcessID, (await session.QueryAsync<int>("select pg_backend_pid()"))[0]);
    }

    [Fact]
    public async Task Saving_nothing_asks_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        await session.SaveChangesAsync();
        Assert.Equal(0, session.RequestCount);
    }

    [Fact]
    public async Task Connections_are_given_back()
    {
        var settings = new NpgsqlConnectionStringBuilder((await TestStore.SharedAsync()).ConnectionString) { MaxPoolSize = 1, Timeout = 5 };
        await using var narrow = NpgsqlDataSource.Create(await ConnectionStringAsync(settings));
        await using var test = await TestStore.CreateAsync(o => o.Connection(narrow));
        for (var i = 0; i < 3; i++)
        {
            await test.SaveAsync(s => s.Store(new Label { Id = "a" }));
            Assert.NotNull(await test.LoadAsync<Label>("a"));
            await using var session = test.Query();
            await Assert.ThrowsAnyAsync<Exception>(() => session.QueryAsync<int>("select 1/0"));
            await Assert.ThrowsAnyAsync<Exception>(() => test.SaveAsync(s => s.QueueSqlCommand("select 1/0")));
        }
    }

    private static async Task<string> ConnectionStringAsync(NpgsqlConnectionStringBuilder settings)
    {
        // A data source hides its password; the server knows it.
        var server = await Postgres.Testing.TestServer.SharedAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = settings.Database, MaxPoolSize = settings.MaxPoolSize, Timeout = settings.Timeout }.ConnectionString;
    }

    private sealed class Recorder : DocumentSessionListenerBase
    {
        public List<string> Seen { get; } = [];

        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            Seen.Add("before");
            return Task.CompletedTask;
        }

        public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
        {
            Seen.Add($"after {commit.Updated.Count()} {commit.Inserted.Count()} {commit.Deleted.Count()}");
            return Task.CompletedTask;
        }

        public override void DocumentLoaded(object id, object document) => Seen.Add($"loaded {document.GetType().Name}");

        public override void DocumentAddedForStorage(object id, object document) => Seen.Add($"queued {document.GetType().Name}");
    }

    private sealed class Adding : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            session.Store(new Label { Id = "added" });
            return Task.CompletedTask;
        }
    }

    private sealed class Failing : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token) => throw new InvalidOperationException("no");
    }
}
