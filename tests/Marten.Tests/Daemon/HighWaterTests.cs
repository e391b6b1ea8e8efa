using JasperFx.Events;
using Marten.Services;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

public sealed class HighWaterTests
{
    [Theory]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(EventAppendMode.Quick)]
    [InlineData(EventAppendMode.Rich)]
    public async Task An_event_that_commits_late_is_waited_for(EventAppendMode mode)
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            o.Projections.Subscribe(collector);
        });
        await test.OpenAccountAsync("first");
        using var daemon = await test.StartDaemonAsync();
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var slow = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
        slow.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("slow", 1));
        await slow.SaveChangesAsync();

        for (var i = 0; i < 5; i++)
            await test.OpenAccountAsync("fast");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => daemon.RestartHighWaterAgentAsync(default)));
        Assert.Equal(1, daemon.HighWaterMark());
        Assert.Equal([1L], collector.Sequences);

        await transaction.CommitAsync();
        await test.CaughtUpAsync();
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (long)i), collector.Sequences);
    }

    [Fact]
    public async Task Numbers_of_a_transaction_that_rolled_back_are_passed_at_once_and_recorded()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Subscribe(collector);
            o.Projections.SlowPollingTime = TimeSpan.FromMinutes(5);
        });
        await test.OpenAccountAsync("first");
        using var daemon = await test.StartDaemonAsync();
        await using (var connection = await test.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var slow = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
            slow.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("dead", 1), new MoneyDeposited(1));
            await slow.SaveChangesAsync();
            await test.OpenAccountAsync("after");
            await transaction.RollbackAsync();
        }

        await test.CaughtUpAsync();
        Assert.Equal([1L, 4], collector.Sequences);
        await Poll.UntilAsync(async () => (long)(await test.ScalarAsync("select count(*) from {0}.mt_high_water_skips where starting_sequence < 2 and ending_sequence = 4"))! == 1);
    }

    [Fact]
    public async Task A_long_transaction_that_appends_nothing_holds_nothing_up()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(collector));
        await test.OpenAccountAsync("first");
        using var daemon = await test.StartDaemonAsync();
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand($"create table {test.Schema}.other (n int); insert into {test.Schema}.other values (1)", connection))
            await command.ExecuteNonQueryAsync();
        await test.ExecuteAsync("select nextval('{0}.mt_events_sequence')");
        await test.OpenAccountAsync("second");
        await test.CaughtUpAsync();
        Assert.Equal([1L, 3], collector.Sequences);
    }

    [Fact]
    public async Task Commits_of_another_store_are_announced()
    {
        var collector = new Collector();
        void Configure(global::Marten.StoreOptions o)
        {
            o.Events.UseListenNotifyForEventAppends = true;
            o.Projections.SlowPollingTime = TimeSpan.FromMinutes(5);
            o.Projections.Subscribe(collector);
        }

        await using var test = await DaemonStore.CreateAsync(Configure);
        await using var other = await DaemonStore.CreateAsync(Configure, test.Schema);
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("own");
        await test.CaughtUpAsync();
        await other.OpenAccountAsync("foreign");
        await test.CaughtUpAsync();
        Assert.Equal([1L, 2], collector.Sequences);
    }
}
