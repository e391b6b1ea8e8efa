using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Aggregation;
using Marten.Internal.Sessions;
using Marten.Services;
using ModularMonolith.Marten.Tests.Daemon;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Projections;

/// <summary>What follows from the changes of aggregates beside their documents.</summary>
public sealed class SideEffectTests
{
    [Fact]
    public async Task Messages_are_published_with_the_page_and_not_again_by_a_rebuild()
    {
        var outbox = new Outbox();
        await using var test = await CreateAsync(ProjectionLifecycle.Async, outbox);
        using var daemon = await test.StartDaemonAsync();
        var id = await test.OpenAccountAsync("Ada", 5);
        await test.CaughtUpAsync();
        Assert.Equal([$"Ada has 5 (*DEFAULT*)", "receipt of Ada, caused by 1"], outbox.Delivered);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_remark"));
        await daemon.RebuildProjectionAsync<Account>(default);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        await test.CaughtUpAsync();
        Assert.Equal(4, outbox.Delivered.Count);
        Assert.Equal("Ada has 6 (*DEFAULT*)", outbox.Delivered[2]);
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Inline)]
    public async Task Messages_of_a_unit_of_work_that_fails_are_not_delivered_and_those_of_the_next_attempt_are_once(ProjectionLifecycle lifecycle)
    {
        var outbox = new Outbox { FailuresBeforeCommit = 1 };
        await using var test = await CreateAsync(lifecycle, outbox);
        using var daemon = await test.StartDaemonAsync();
        await using var session = test.Session();
        session.Events.StartStream<Account>(Guid.CreateVersion7(), new AccountOpened("Ada", 5), new MoneyDeposited(5));
        if (lifecycle == ProjectionLifecycle.Inline)
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync());
        await session.SaveChangesAsync();
        await test.CaughtUpAsync();
        await Poll.UntilAsync(() => Task.FromResult(outbox.Delivered.Count > 0));
        Assert.Equal(["Ada has 5 (*DEFAULT*)", "receipt of Ada, caused by 1"], outbox.Delivered);
        Assert.Equal(2, outbox.Batches);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_remark"));
    }

    [Fact]
    public async Task Inline_aggregates_raise_nothing_unless_the_store_says_so()
    {
        var outbox = new Outbox();
        await using var test = await CreateAsync(ProjectionLifecycle.Inline, outbox, inlineEffects: false);
        await test.OpenAccountAsync("Ada", 500);
        Assert.Empty(outbox.Delivered);
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    [Theory]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(EventAppendMode.Rich)]
    public async Task Events_that_an_inline_aggregate_raises_are_saved_with_those_that_raised_them(EventAppendMode mode)
    {
        await using var test = await CreateAsync(ProjectionLifecycle.Inline, new Outbox(), o => o.Events.AppendMode = mode);
        var id = await test.OpenAccountAsync("Ada", 500);
        await using var query = test.Query();
        Assert.Equal(
            ["AccountOpened 1", "MoneyDeposited 2", "MoneyWithdrawn 3"],
            (await query.Events.FetchStreamAsync(id)).Select(e => $"{e.EventType.Name} {e.Version}"));
        var account = (await query.LoadAsync<Account>(id))!;
        Assert.Equal((490, 3L), (account.Balance, account.Version));
        var other = (await query.Events.QueryAllRawEvents().Where(e => e.StreamId != id).ToListAsync()).Single();
        Assert.Equal("rich: Ada", ((SomethingElse)other.Data).Text);

        await using var session = test.Session();
        (await session.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1000));
        await session.SaveChangesAsync();
        account = (await query.LoadAsync<Account>(id))!;
        Assert.Equal((1480, 5L), (account.Balance, account.Version));
    }

    [Fact]
    public async Task Events_raised_for_a_save_that_failed_are_raised_once_by_the_next_attempt()
    {
        var outbox = new Outbox { FailuresBeforeCommit = 2 };
        await using var test = await CreateAsync(ProjectionLifecycle.Inline, outbox);
        var id = Guid.CreateVersion7();
        await using var session = test.Session();
        session.Events.StartStream<Account>(id, new AccountOpened("Ada", 5), new MoneyDeposited(500));
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync());
        await session.SaveChangesAsync();
        Assert.Equal(4L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
        Assert.Equal((490, 3L), (await test.LoadAsync<Account>(id)) is { } account ? (account.Balance, account.Version) : default);
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Inline)]
    public async Task Side_effects_belong_to_the_tenant_of_the_document(ProjectionLifecycle lifecycle)
    {
        var outbox = new Outbox();
        await using var test = await CreateAsync(lifecycle, outbox, o =>
        {
            o.Events.TenancyStyle = TenancyStyle.Conjoined;
            o.Schema.For<Account>().MultiTenanted();
        });
        using var daemon = await test.StartDaemonAsync();
        await using (var session = test.Store.LightweightSession("red"))
        {
            session.ForTenant("blue").Events.StartStream<Account>(Guid.CreateVersion7(), new AccountOpened("Ada", 5), new MoneyDeposited(500));
            await session.SaveChangesAsync();
        }

        await Poll.UntilAsync(async () => 4L.Equals(await test.ScalarAsync("select count(*) from {0}.mt_events where tenant_id = 'blue'")));
        await test.CaughtUpAsync();
        Assert.Contains("Ada has 500 (blue)", outbox.Delivered);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events where tenant_id <> 'blue'"));
    }

    [Fact]
    public async Task A_projection_that_appends_for_ever_is_stopped()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add(new Endless(), ProjectionLifecycle.Inline));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => test.OpenAccountAsync("Ada"));
        Assert.Contains("10 times", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    private static Task<TestStore> CreateAsync(ProjectionLifecycle lifecycle, Outbox outbox, Action<StoreOptions>? configure = null, bool inlineEffects = true) => DaemonStore.CreateAsync(o =>
    {
        o.Projections.Add(new Bank(), lifecycle);
        o.Schema.For<Remark>();
        o.Events.MessageOutbox = outbox;
        o.Events.EnableSideEffectsOnInlineProjections = inlineEffects;
        configure?.Invoke(o);
    });

    /// <summary>Announces each change, and takes a fee from who has more than 100.</summary>
    internal sealed class Bank : SingleStreamProjection<Account, Guid>
    {
        public override ValueTask RaiseSideEffects(IDocumentOperations operations, IEventSlice<Account> slice)
        {
            if (slice.Snapshot is not { } account || slice.Events().Any(e => e.Data is MoneyWithdrawn))
                return ValueTask.CompletedTask;
            slice.PublishMessage($"{account.Owner} has {account.Balance} ({slice.TenantId})");
            var metadata = new MessageMetadata(slice.TenantId) { CausationId = "1" };
            metadata.SetHeader("kind", "receipt");
            slice.PublishMessage(account.Owner, metadata);
            Assert.Equal(2, slice.PublishedMessages().Count());
            Assert.Equal([false, true], slice.PublishedMessagesWithMetadata().Select(m => m.Item2.HeadersEnabled));
            if (account.Balance <= 100)
                return ValueTask.CompletedTask;
            slice.AppendEvent(new MoneyWithdrawn(10));
            if (slice.Events()[0].Version == 1)
                slice.AppendEvent(Guid.CreateVersion7(), new SomethingElse($"rich: {account.Owner}"));
            return ValueTask.CompletedTask;
        }
    }

    internal sealed class Endless : global::Marten.Events.Projections.IProjection
    {
        public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
        {
            operations.Events.Append(events[0].StreamId, new SomethingElse("again"));
            return Task.CompletedTask;
        }
    }

    /// <summary>Delivers after the commit, and leaves a remark in the same transaction.</summary>
    private sealed class Outbox : IMessageOutbox
    {
        private readonly Lock gate = new();
        private readonly List<string> delivered = [];
        private int batches;

        public int FailuresBeforeCommit { get; set; }

        public int Batches => Volatile.Read(ref batches);

        public IReadOnlyList<string> Delivered
        {
            get
            {
                lock (gate)
                    return [.. delivered];
            }
        }

        public ValueTask<IMessageBatch> CreateBatch(DocumentSessionBase session) => new(new Batch(this, Interlocked.Increment(ref batches)));

        private sealed class Batch(Outbox outbox, int number) : IMessageBatch
        {
            private readonly List<string> messages = [];

            public ValueTask PublishAsync<T>(T message, string tenantId)
            {
                messages.Add(message!.ToString()!);
                return ValueTask.CompletedTask;
            }

            public ValueTask PublishAsync<T>(T message, MessageMetadata metadata)
            {
                messages.Add($"{metadata.Headers!["kind"]} of {message}, caused by {metadata.CausationId}");
                return ValueTask.CompletedTask;
            }

            public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
            {
                session.Store(new Remark { Id = $"{number}", Name = string.Join(", ", messages) });
                return outbox.FailuresBeforeCommit-- > 0 ? throw new InvalidOperationException("The outbox is full.") : Task.CompletedTask;
            }

            public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
            {
                lock (outbox.gate)
                    outbox.delivered.AddRange(messages);
                return Task.CompletedTask;
            }
        }
    }
}
