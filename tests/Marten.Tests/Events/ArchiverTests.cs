using JasperFx.Events;
using JasperFx.Events.Protected;
using Marten;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>What keeps the events that compacting removes.</summary>
public sealed class ArchiverTests
{
    [Fact]
    public async Task Events_are_kept_in_the_transaction_that_removes_them()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(1), new MoneyDeposited(2)));
        var archiver = new Shelf();
        await using var session = test.Session();
        await session.Events.CompactStreamAsync<Account>(id, r => r.Archiver = archiver);
        Assert.Equal(3, archiver.Seen);
        Assert.Null(await test.LoadAsync<Shelved>(id));
        await session.SaveChangesAsync();
        Assert.Equal(["AccountOpened", "MoneyDeposited", "MoneyDeposited"], (await test.LoadAsync<Shelved>(id))!.Types);

        session.Events.Append(id, new MoneyDeposited(4));
        await session.SaveChangesAsync();
        await session.Events.CompactStreamAsync<Account>(id, r => r.Archiver = archiver);
        await session.SaveChangesAsync();
        Assert.Equal(["MoneyDeposited"], (await test.LoadAsync<Shelved>(id))!.Types);
        Assert.Equal(7, (await session.Events.AggregateStreamAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task An_archiver_that_fails_leaves_the_stream_as_it_is()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(1)));
        await using var session = test.Session();
        await Assert.ThrowsAsync<IOException>(() => session.Events.CompactStreamAsync<Account>(id, r => r.Archiver = new Shelf { Fails = true }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.CompactStreamAsync<Account>(id, r => r.Archiver = new Nothing()));
        await session.SaveChangesAsync();
        Assert.Equal(2, (await session.Events.FetchStreamAsync(id)).Count);
    }

    private sealed class Nothing : IEventsArchiver;

    private sealed class Shelf : IEventsArchiver<IDocumentOperations>
    {
        public int Seen { get; private set; }

        public bool Fails { get; init; }

        public Task MaybeArchiveAsync<T>(IDocumentOperations operations, StreamCompactingRequest<T> request, IReadOnlyList<IEvent> events, CancellationToken cancellation) where T : class
        {
            if (Fails)
                throw new IOException("The shelf is full.");
            Seen = events.Count;
            operations.Store(new Shelved { Id = request.StreamId!.Value, Types = [.. events.Select(e => e.EventType.Name)] });
            return Task.CompletedTask;
        }
    }
}

internal sealed class Shelved
{
    public Guid Id { get; set; }

    public List<string> Types { get; set; } = [];
}
