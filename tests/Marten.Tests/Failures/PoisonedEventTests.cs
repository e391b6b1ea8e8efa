using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Failures;

public sealed class PoisonedEventTests
{
    [Theory]
    [InlineData("data = '[1, 2]'")]
    [InlineData("data = '\"text\"'")]
    [InlineData("data = '{{\"Amount\": \"many\"}}'")]
    [InlineData("data = '{{\"Amount\": 99999999999999999999}}'")]
    public async Task A_body_of_another_shape_is_reported_by_every_read_with_its_place(string change)
    {
        await using var test = await TestStore.CreateAsync();
        var (sick, healthy) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s => s.Events.StartStream<Account>(sick, new AccountOpened("Ada", 1), new MoneyDeposited(5)));
        await test.SaveAsync(s => s.Events.StartStream<Account>(healthy, new AccountOpened("Bob", 1), new MoneyDeposited(6)));
        await test.ExecuteAsync("update {0}.mt_events set " + change + " where seq_id = 2");
        await using var session = test.Session();
        foreach (var read in new Func<Task>[]
        {
            () => session.Events.FetchStreamAsync(sick),
            () => session.Events.AggregateStreamAsync<Account>(sick),
            () => session.Events.FetchForWriting<Account>(sick),
            () => session.Events.QueryAllRawEvents().Where(e => e.StreamId == sick).ToListAsync(),
            () => session.Events.QueryRawEventDataOnly<MoneyDeposited>().ToListAsync(),
        })
        {
            var exception = await Assert.ThrowsAsync<EventDeserializationFailureException>(read);
            Assert.Equal((2L, "money_deposited"), (exception.Sequence, exception.EventTypeName));
        }

        Assert.Equal(6, (await session.Events.AggregateStreamAsync<Account>(healthy))!.Balance);
        Assert.Single(await session.Events.FetchStreamAsync(sick, version: 1));
    }

    [Fact]
    public async Task An_event_of_a_type_that_nobody_knows_is_reported_with_its_place()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5)));
        await test.ExecuteAsync("update {0}.mt_events set type = 'gone', mt_dotnet_type = 'Gone.Type, Gone' where seq_id = 2");
        await using var session = test.Query();
        var exception = await Assert.ThrowsAsync<UnknownEventTypeException>(() => session.Events.FetchStreamAsync(id));
        Assert.Equal((2L, "gone"), (exception.Sequence, exception.EventTypeName));
    }

    [Fact]
    public async Task An_event_that_a_snapshot_cannot_apply_is_not_saved()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Fragile>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Fragile>(id, new MoneyDeposited(5)));
        await using var session = test.Session();
        session.Events.Append(id, new MoneyDeposited(-1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.SaveChangesAsync());
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
        session.EjectAllPendingChanges();
        session.Events.Append(id, new MoneyDeposited(7));
        await session.SaveChangesAsync();
        Assert.Equal(12, (await test.LoadAsync<Fragile>(id))!.Total);
    }

    [Fact]
    public async Task A_body_that_cannot_be_written_stops_the_whole_save()
    {
        await using var test = await TestStore.CreateAsync();
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var session = test.Session();
        session.Events.StartStream(new MoneyDeposited(1));
        session.Events.StartStream(new Unwritable());
        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());
        await using var reader = test.Query();
        Assert.Empty(await reader.Events.QueryAllRawEvents().ToListAsync());
    }

    internal sealed class Fragile
    {
        public Guid Id { get; set; }

        public int Total { get; set; }

        public void Apply(MoneyDeposited deposited) =>
            Total += deposited.Amount >= 0 ? deposited.Amount : throw new InvalidOperationException("A deposit cannot be negative.");
    }

    internal sealed class Unwritable
    {
        public string Text => throw new NotSupportedException("This cannot be written.");
    }
}
