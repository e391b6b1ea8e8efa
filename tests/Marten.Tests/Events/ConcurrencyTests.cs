using System.Collections.Concurrent;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Exceptions;
using Marten.Services;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixteen_writers_that_retry_lose_nothing(bool exclusively)
    {
        await using var test = await CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5)));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => DepositTenTimesAsync(test, id, exclusively))));

        var account = await test.LoadAsync<Account>(id);
        Assert.Equal((160, 161L), (account!.Balance, account.Version));
        await using var session = test.Session();
        Assert.Equal(Enumerable.Range(1, 161).Select(i => (long)i), (await session.Events.FetchStreamAsync(id)).Select(e => e.Version));
    }

    [Fact]
    public async Task Writers_without_an_expected_version_wait_for_each_other()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++)
                await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(i), new MoneyWithdrawn(i)));
        })));

        await using var session = test.Session();
        var events = await session.Events.FetchStreamAsync(id);
        Assert.Equal(Enumerable.Range(1, 160).Select(i => (long)i), events.Select(e => e.Version));
        Assert.All(events.Chunk(2), pair => Assert.Equal(((MoneyDeposited)pair[0].Data).Amount, ((MoneyWithdrawn)pair[1].Data).Amount));
    }

    [Fact]
    public async Task One_of_many_starters_of_a_stream_wins()
    {
        await using var test = await CreateAsync();
        var id = Guid.CreateVersion7();
        var failures = new ConcurrentBag<Exception>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened($"owner {i}", 5)));
            }
            catch (ExistingStreamIdCollisionException exception)
            {
                failures.Add(exception);
            }
        })));

        Assert.Equal(15, failures.Count);
        Assert.All(failures, f => Assert.Equal($"Stream #{id} already exists in the database", f.Message));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    [Fact]
    public async Task Exclusive_creators_of_a_missing_stream_wait_for_each_other()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Snapshot<Ledger>(SnapshotLifecycle.Inline);
        });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            await using var session = test.Session();
            var stream = await session.Events.FetchForExclusiveWriting<Ledger>("main/äpfel");
            if (stream.Aggregate is null)
                stream.AppendOne(new AccountOpened("Ada", 5));
            stream.AppendOne(new MoneyDeposited(1));
            await session.SaveChangesAsync();
        })));

        var ledger = await test.LoadAsync<Ledger>("main/äpfel");
        Assert.Equal((16, 17), (ledger!.Total, ledger.Version));
    }

    [Fact]
    public async Task Exclusive_writers_of_overlapping_streams_in_one_order_do_not_deadlock()
    {
        await using var test = await CreateAsync();
        var ids = Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7()).Order().ToArray();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            for (var round = 0; round < 4; round++)
            {
                await using var session = test.Session();
                foreach (var id in ids.Where(_ => random.Next(2) == 0))
                    (await session.Events.FetchForExclusiveWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
                await session.SaveChangesAsync();
            }
        })));

        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account d join {0}.mt_streams s on s.id = d.id where s.version <> (d.data ->> 'Balance')::int"));
    }

    [Fact]
    public async Task A_lock_that_is_held_too_long_is_reported()
    {
        await using var test = await CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5)));
        await using var holder = test.Session();
        await holder.Events.FetchForExclusiveWriting<Account>(id);

        await using var other = test.Store.LightweightSession(new SessionOptions { Timeout = 1 });
        var exception = await Assert.ThrowsAsync<StreamLockedException>(() => other.Events.FetchForExclusiveWriting<Account>(id));
        Assert.Equal($"Stream '{id}' may be locked for updates by another transaction", exception.Message);
        await Assert.ThrowsAsync<StreamLockedException>(async () =>
        {
            await using var appender = test.Store.LightweightSession(new SessionOptions { Timeout = 1 });
            await appender.Events.AppendExclusive(id, new MoneyDeposited(1));
        });
    }

    [Fact]
    public async Task Rich_and_quick_writers_of_one_stream_share_it()
    {
        await using var quick = await CreateAsync();
        await using var rich = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = EventAppendMode.Rich;
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        }, quick.Schema);
        var id = Guid.CreateVersion7();
        await quick.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5)));
        await Task.WhenAll(new[] { quick, rich, quick, rich }.Select(test => Task.Run(() => DepositTenTimesAsync(test, id, false))));
        Assert.Equal(40, (await rich.LoadAsync<Account>(id))!.Balance);
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));

    private static async Task DepositTenTimesAsync(TestStore test, Guid id, bool exclusively)
    {
        for (var done = 0; done < 10;)
        {
            await using var session = test.Session();
            var stream = exclusively
                ? await session.Events.FetchForExclusiveWriting<Account>(id)
                : await session.Events.FetchForWriting<Account>(id);
            stream.AppendOne(new MoneyDeposited(1));
            try
            {
                await session.SaveChangesAsync();
                done++;
            }
            catch (EventStreamUnexpectedMaxEventIdException) when (!exclusively)
            {
                // Somebody else was faster; decide again on the new state.
            }
        }
    }
}
