using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Archiving;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>Generated histories against a pure fold of the same events.</summary>
public sealed class HistoryPropertyTests
{
    [Theory]
    [InlineData(EventAppendMode.Rich, true, 1)]
    [InlineData(EventAppendMode.Quick, true, 2)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, true, 3)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, false, 4)]
    public async Task Every_way_to_append_and_to_read_agrees_with_a_fold(EventAppendMode mode, bool isSnapshot, int seed)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            o.Events.Upcast<OldDeposit, MoneyDeposited>("old_deposit", old => new MoneyDeposited(old.Cents / 100));
            if (isSnapshot)
                o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        });
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var before = await TestStore.CreateAsync(o => o.Events.AppendMode = mode, test.Schema);
        await Properties.HoldAsync(Histories.All, 14, 10, (ulong)seed, async history =>
        {
            var streams = new ModelStreams();
            foreach (var step in history.Steps)
                await ApplyAsync(test, before, streams.Ids[step.Stream], streams, step, isSnapshot);
            await CompareAsync(test, streams, isSnapshot);
            return null;
        });
    }

    private static async Task ApplyAsync(TestStore test, TestStore before, Guid id, ModelStreams streams, Step step, bool isSnapshot)
    {
        var known = streams.Events[id];
        if (step.Way == Way.Archive)
        {
            if (known.Count == 0)
                return;
            await test.SaveAsync(s => s.Events.ArchiveStream(id));
            streams.Archived.Add(id);
            return;
        }

        if (streams.Archived.Contains(id))
        {
            await RefusedAsync(test, id, known.Count, step);
            return;
        }

        if (step.Way == Way.Race)
        {
            await Task.WhenAll(step.Events.Select(e => WinAsync(test, id, e)));
            await using var reader = test.Session();
            var added = (await reader.Events.FetchStreamAsync(id)).Skip(known.Count).Select(e => e.Data).ToList();
            Assert.Equal(step.Events.Select(e => e.ToString()).Order(), added.Select(e => e.ToString()).Order());
            known.AddRange(added);
            return;
        }

        await using var session = (step.Way == Way.OldHost ? before : test).Session();
        await AppendAsync(session, id, known.Count, step);
        await session.SaveChangesAsync();
        known.AddRange(step.Events.Select(e => e is OldDeposit old ? new MoneyDeposited(old.Cents / 100) : e));

        // The old host knows nothing of the snapshot, so somebody must build it again before the next unit of work adds to it.
        if (step.Way == Way.OldHost && isSnapshot)
            await test.Store.Advanced.RebuildSingleStreamAsync<Account>(id);
    }

    private static async Task WinAsync(TestStore test, Guid id, object item)
    {
        while (true)
        {
            try
            {
                await test.SaveAsync(s => s.Events.Append(id, item));
                return;
            }
            catch (EventStreamUnexpectedMaxEventIdException)
            {
                // Another writer was first; the stream is read again.
            }
        }
    }

    private static async Task RefusedAsync(TestStore test, Guid id, int version, Step step)
    {
        await using var session = test.Session();
        var exception = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await AppendAsync(session, id, version, step.Way is Way.Race or Way.OldHost ? step with { Way = Way.Append } : step);
            await session.SaveChangesAsync();
        });
        Assert.True(exception is InvalidStreamOperationException or EventStreamUnexpectedMaxEventIdException, exception.ToString());
    }

    private static async Task AppendAsync(IDocumentSession session, Guid id, int version, Step step)
    {
        object[] events = [.. step.Events];
        switch (step.Way)
        {
            case Way.Append or Way.OldHost:
                session.Events.Append(id, events);
                break;
            case Way.Expect:
                session.Events.Append(id, version + events.Length, events);
                break;
            case Way.Optimistic when version > 0:
                await session.Events.AppendOptimistic(id, events);
                break;
            case Way.Exclusive when version > 0:
                await session.Events.AppendExclusive(id, events);
                break;
            case Way.Fetch:
                (await session.Events.FetchForWriting<Account>(id, version)).AppendMany(events);
                break;
            case Way.FetchExclusively:
                (await session.Events.FetchForExclusiveWriting<Account>(id)).AppendMany(events);
                break;
            default:
                session.Events.StartStream<Account>(id, events);
                break;
        }
    }

    private static async Task CompareAsync(TestStore test, ModelStreams streams, bool isSnapshot)
    {
        await using var reader = test.Session();
        foreach (var (id, events) in streams.Events)
        {
            var stored = await reader.Events.FetchStreamAsync(id);
            Assert.Equal(events, stored.Select(e => e.Data));
            Assert.Equal(Enumerable.Range(1, events.Count).Select(v => (long)v), stored.Select(e => e.Version));
            for (var version = 1; version <= events.Count; version++)
                AssertSame(Fold(events.Take(version)), await reader.Events.AggregateStreamAsync<Account>(id, version));
            var last = Fold(events);
            AssertSame(last, await reader.Events.FetchLatest<Account>(id));
            AssertSame(last, (await reader.Events.FetchForWriting<Account>(id)).Aggregate);
            if (isSnapshot)
                AssertSame(last, await reader.LoadAsync<Account>(id));
            var state = await reader.Events.FetchStreamStateAsync(id);
            Assert.Equal((events.Count, streams.Archived.Contains(id)), ((int)(state?.Version ?? 0), state?.IsArchived ?? false));
            var raw = reader.Events.QueryAllRawEvents().Where(e => e.StreamId == id);
            Assert.Equal(streams.Archived.Contains(id) ? 0 : events.Count, await raw.CountAsync());
            Assert.Equal(events.Count, await raw.CountAsync(e => e.MaybeArchived()));
        }
    }

    private static State? Fold(IEnumerable<object> events)
    {
        State? state = null;
        foreach (var item in events)
        {
            state = item switch
            {
                AccountOpened opened when state is null => new State(opened.Owner, 0, 0),
                MoneyDeposited deposited => (state ?? State.Empty) with { Balance = (state ?? State.Empty).Balance + deposited.Amount },
                MoneyWithdrawn withdrawn => (state ?? State.Empty) is var now ? now with { Balance = now.Balance - withdrawn.Amount, Withdrawals = now.Withdrawals + 1 } : null,
                AccountClosed { Reason.Length: > 0 } => null,
                _ => state,
            };
        }

        return state;
    }

    private static void AssertSame(State? expected, Account? actual) =>
        Assert.Equal(expected, actual is null ? null : new State(actual.Owner, actual.Balance, actual.Withdrawals));

    /// <summary>What the streams must hold.</summary>
    private sealed class ModelStreams
    {
        public ModelStreams() => Events = Ids.ToDictionary(id => id, _ => new List<object>());

        public Guid[] Ids { get; } = [.. Enumerable.Range(0, Histories.Streams).Select(_ => Guid.CreateVersion7())];

        public Dictionary<Guid, List<object>> Events { get; }

        public HashSet<Guid> Archived { get; } = [];
    }

    private sealed record State(string Owner, int Balance, int Withdrawals)
    {
        public static readonly State Empty = new("", 0, 0);
    }
}
