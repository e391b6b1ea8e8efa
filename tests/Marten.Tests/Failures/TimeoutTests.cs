using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;
using Marten.Services;
using ModularMonolith.Marten.Tests.Events;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Failures;

public sealed class TimeoutTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_save_that_has_to_wait_too_long_saves_nothing(bool byServer)
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var (id, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var blocker = test.Session();
        await blocker.Events.FetchForExclusiveWriting<Account>(id);

        await using var session = byServer ? await WithStatementTimeoutAsync(test) : test.Store.LightweightSession(new SessionOptions { Timeout = 1 });
        session.Events.Append(id, new MoneyDeposited(5));
        session.Events.StartStream<Account>(other, new AccountOpened("Bob", 1));
        var exception = await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        if (byServer)
            Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(exception.InnerException).SqlState);
        else
            Assert.StartsWith(MartenCommandException.MaybeLockedRowsMessage, exception.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events"));

        await blocker.DisposeAsync();
        await session.SaveChangesAsync();
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
        Assert.Equal(5, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_stream_that_stays_locked_is_reported_as_locked()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await using var blocker = test.Session();
        await blocker.Events.AppendExclusive(id, new MoneyDeposited(1));
        await using var session = test.Store.LightweightSession(new SessionOptions { Timeout = 1 });
        var exception = await Assert.ThrowsAsync<StreamLockedException>(() => session.Events.AppendExclusive(id, new MoneyDeposited(1)));
        Assert.Contains(id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_save_saves_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await using var blocker = test.Session();
        await blocker.Events.AppendExclusive(id, new MoneyDeposited(1));
        using var source = new CancellationTokenSource();
        await using var session = test.Session();
        session.Events.Append(id, new MoneyDeposited(5));
        var saving = session.SaveChangesAsync(source.Token);
        await Poll.UntilAsync(async () => await test.ScalarAsync("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%{0}.mt_streams%'") is > 0L);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        await blocker.DisposeAsync();
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
        await session.SaveChangesAsync();
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    private static async Task<IDocumentSession> WithStatementTimeoutAsync(TestStore test)
    {
        var connection = await test.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("set statement_timeout = '300ms'", connection);
        await command.ExecuteNonQueryAsync();
        return test.Store.LightweightSession(SessionOptions.ForConnection(connection));
    }
}
