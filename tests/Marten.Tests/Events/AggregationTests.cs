using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class AggregationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Snapshots_and_live_aggregates_equal_a_plain_fold_of_random_histories(int seed)
    {
        var random = new Random(seed);
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = (EventAppendMode)(seed % 3);
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        });
        var ids = Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7()).ToArray();
        var histories = ids.ToDictionary(id => id, _ => new List<object>());
        for (var round = 0; round < 12; round++)
            await SaveRandomlyAsync(test, histories, random);

        await using var session = test.Session();
        foreach (var (id, history) in histories)
        {
            var expected = Fold(id, history);
            AssertSame(expected, await session.LoadAsync<Account>(id));
            AssertSame(expected, await session.Events.AggregateStreamAsync<Account>(id));
            AssertSame(expected, await session.Events.FetchLatest<Account>(id));
            var version = random.Next(1, history.Count + 1);
            AssertSame(Fold(id, history[..version]), await session.Events.AggregateStreamAsync<Account>(id, version));
        }
    }

    [Fact]
    public async Task An_aggregate_is_built_up_to_a_version_or_a_time_and_from_a_known_state()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.AppendMode = EventAppendMode.Quick);
        var id = Guid.CreateVersion7();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await test.SaveAsync(s => s.Events.StartStream<Account>(id,
            new AccountOpened("Ada", 1).AsEvent().AtTimestamp(start),
            new MoneyDeposited(10).AsEvent().AtTimestamp(start.AddDays(1)),
            new MoneyDeposited(20).AsEvent().AtTimestamp(start.AddDays(2))));

        await using var session = test.Session();
        Assert.Equal(10, (await session.Events.AggregateStreamAsync<Account>(id, version: 2))!.Balance);
        Assert.Equal(10, (await session.Events.AggregateStreamAsync<Account>(id, timestamp: start.AddDays(1)))!.Balance);
        var state = new Account { Id = id, Balance = 1000, Version = 2 };
        var continued = await session.Events.AggregateStreamAsync(id, state: state, fromVersion: 3);
        Assert.Equal((1020, 3L), (continued!.Balance, continued.Version));
        Assert.Null(await session.Events.AggregateStreamAsync<Account>(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_deleting_event_removes_the_snapshot_and_keeps_the_stream()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(10)));
        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("")));
        Assert.Equal(3, (await test.LoadAsync<Account>(id))!.Version);
        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("moved")));
        Assert.Null(await test.LoadAsync<Account>(id));

        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Account>(id);
        Assert.Null(stream.Aggregate);
        Assert.Equal(4, stream.StartingVersion);
        stream.AppendOne(new AccountOpened("Grace", 1));
        await session.SaveChangesAsync();
        Assert.Equal(("Grace", 5L), ((await test.LoadAsync<Account>(id))!.Owner, (await test.LoadAsync<Account>(id))!.Version));
    }

    [Fact]
    public async Task Events_that_an_aggregate_does_not_know_leave_it_alone()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new SomethingElse("first"), new AccountOpened("Ada", 1), new SomethingElse("last")));
        Assert.Equal(("Ada", 3L), ((await test.LoadAsync<Account>(id))!.Owner, (await test.LoadAsync<Account>(id))!.Version));
        var other = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(other, new SomethingElse("only")));
        Assert.Null(await test.LoadAsync<Account>(other));
    }

    [Fact]
    public async Task All_conventions_take_part()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Add(new JournalProjection(), ProjectionLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new AccountOpened("Ada", 1), new MoneyDeposited(1), new MoneyWithdrawn(2), new Note("a"), new LoudNote("b"), new SomethingElse("c")));
        var journal = await test.LoadAsync<Journal>(id);
        Assert.Equal(["constructed for Ada", "deposited 1", "withdrawn 2 by session", "note a", "LOUD b", "task c at 6"], journal!.Lines);
        Assert.Equal((id, 6), (journal.Id, journal.Version));

        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("x")));
        Assert.Null(await test.LoadAsync<Journal>(id));
    }

    [Fact]
    public async Task A_projection_may_fold_by_itself()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Add(new CounterProjection(), ProjectionLifecycle.Inline);
        });
        await test.SaveAsync(s => s.Events.StartStream("a/b", new MoneyDeposited(1), new MoneyDeposited(2)));
        Assert.Equal(2, (await test.LoadAsync<Counter>("a/b"))!.Count);
        await test.SaveAsync(s => s.Events.Append("a/b", new AccountClosed("x")));
        Assert.Null(await test.LoadAsync<Counter>("a/b"));
    }

    [Fact]
    public async Task A_stream_that_begins_with_an_event_of_no_use_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await using var session = test.Session();
        await Assert.ThrowsAsync<InvalidEventToStartAggregateException>(() => session.Events.AggregateStreamAsync<Strict>(id));
        await Assert.ThrowsAsync<InvalidProjectionException>(() => session.Events.AggregateStreamAsync<Documents.User>(id));
    }

    [Fact]
    public void Aggregates_that_cannot_work_are_refused_when_the_store_is_built()
    {
        static InvalidProjectionException Refused(Action<StoreOptions> configure) => Assert.Throws<InvalidProjectionException>(() => DocumentStore.For(o =>
        {
            o.Connection("Host=nowhere.invalid");
            configure(o);
        }));

        Assert.Contains("must be a Guid", Refused(o => o.Projections.Snapshot<Ledger>(SnapshotLifecycle.Inline)).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing builds", Refused(o => o.Projections.LiveStreamAggregation<Documents.User>()).Message, StringComparison.Ordinal);
        Assert.Contains("must be a Guid", Refused(o => o.Projections.Snapshot<Ledger>(SnapshotLifecycle.Async)).Message, StringComparison.Ordinal);
    }

    private static async Task SaveRandomlyAsync(TestStore test, Dictionary<Guid, List<object>> histories, Random random)
    {
        await using var session = random.Next(2) == 0 ? test.Session() : test.Store.IdentitySession();
        foreach (var (id, history) in histories)
        {
            var events = RandomEvents(history.Count == 0, random);
            switch (random.Next(4))
            {
                case 0:
                    (await session.Events.FetchForWriting<Account>(id)).AppendMany(events);
                    break;
                case 1:
                    session.Events.Append(id, history.Count + events.Length, events);
                    break;
                case 2:
                    session.Events.Append(id, events);
                    break;
                default:
                    if (history.Count > 0)
                        continue;
                    session.Events.StartStream<Account>(id, events);
                    break;
            }

            history.AddRange(events);
        }

        await session.SaveChangesAsync();
    }

    private static object[] RandomEvents(bool isFirst, Random random)
    {
        var events = Enumerable.Range(0, random.Next(1, 5)).Select<int, object>(_ => random.Next(10) switch
        {
            < 5 => new MoneyDeposited(random.Next(100)),
            < 8 => new MoneyWithdrawn(random.Next(100)),
            8 => new SomethingElse("nothing"),
            _ => new AccountClosed(random.Next(3) == 0 ? "closed" : ""),
        });
        return isFirst ? [new AccountOpened("Ada", 1), .. events] : [.. events];
    }

    private static Account? Fold(Guid id, IEnumerable<object> history)
    {
        Account? account = null;
        var version = 0;
        foreach (var item in history)
        {
            version++;
            if (item is AccountOpened opened)
                account = new Account { Owner = opened.Owner };
            else if (item is MoneyDeposited deposited)
                (account ??= new Account()).Balance += deposited.Amount;
            else if (item is MoneyWithdrawn withdrawn)
                ((account ??= new Account()).Balance, account.Withdrawals) = (account.Balance - withdrawn.Amount, account.Withdrawals + 1);
            else if (item is AccountClosed { Reason.Length: > 0 })
                account = null;
        }

        if (account is not null)
            (account.Id, account.Version) = (id, version);
        return account;
    }

    private static void AssertSame(Account? expected, Account? actual) => Assert.Equivalent(expected, actual, strict: true);
}
