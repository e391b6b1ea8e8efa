using FsCheck;
using FsCheck.Fluent;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Failures;

/// <summary>Random histories against a pure fold of the same events.</summary>
public sealed class RandomHistoryTests
{
    private static readonly string[] Ways = ["append", "expect", "optimistic", "exclusive", "fetch", "fetch exclusively"];

    private static readonly Gen<object> Events = Gen.Frequency(
        (1, Gen.Choose(0, 9).Select(i => (object)new AccountOpened("owner " + i, i))),
        (6, Gen.Choose(1, 100).Select(i => (object)new MoneyDeposited(i))),
        (4, Gen.Choose(1, 100).Select(i => (object)new MoneyWithdrawn(i))),
        (1, Gen.Choose(0, 1).Select(i => (object)new AccountClosed(i == 0 ? "" : "closed"))),
        (1, Gen.Constant((object)new SomethingElse("nothing to the account"))));

    private static readonly Gen<Step> Steps =
        from stream in Gen.Choose(0, 2)
        from way in Gen.Elements(Ways)
        from count in Gen.Choose(1, 4)
        from events in Events.ArrayOf(count)
        select new Step(stream, way, events);

    [Theory]
    [InlineData(EventAppendMode.Rich, true)]
    [InlineData(EventAppendMode.Quick, true)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, true)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, false)]
    public async Task Every_way_to_append_and_to_read_agrees_with_a_fold(EventAppendMode mode, bool isSnapshot)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            if (isSnapshot)
                o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        });
        foreach (var history in Steps.NonEmptyListOf().Sample(12, new Rnd(20261121), 12).Select(h => h.Take(12).ToList()))
            await CheckAsync(test, history, isSnapshot);
    }

    private static async Task CheckAsync(TestStore test, List<Step> history, bool isSnapshot)
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        var expected = ids.ToDictionary(id => id, _ => new List<object>());
        foreach (var step in history)
        {
            await using var session = test.Session();
            var id = ids[step.Stream];
            await AppendAsync(session, id, expected[id].Count, step);
            await session.SaveChangesAsync();
            expected[id].AddRange(step.Events);
        }

        await using var reader = test.Session();
        foreach (var (id, events) in expected)
        {
            Assert.Equal(events, (await reader.Events.FetchStreamAsync(id)).Select(e => e.Data));
            for (var version = 1; version <= events.Count; version++)
                AssertSame(Fold(events.Take(version)), await reader.Events.AggregateStreamAsync<Account>(id, version));
            var last = Fold(events);
            AssertSame(last, await reader.Events.FetchLatest<Account>(id));
            AssertSame(last, (await reader.Events.FetchForWriting<Account>(id)).Aggregate);
            if (isSnapshot)
                AssertSame(last, await reader.LoadAsync<Account>(id));
            Assert.Equal(events.Count, (await reader.Events.FetchStreamStateAsync(id))?.Version ?? 0);
        }
    }

    private static async Task AppendAsync(IDocumentSession session, Guid id, int version, Step step)
    {
        if (version == 0)
        {
            session.Events.StartStream<Account>(id, step.Events);
            return;
        }

        switch (step.Way)
        {
            case "append":
                session.Events.Append(id, step.Events);
                break;
            case "expect":
                session.Events.Append(id, version + step.Events.Length, step.Events);
                break;
            case "optimistic":
                await session.Events.AppendOptimistic(id, step.Events);
                break;
            case "exclusive":
                await session.Events.AppendExclusive(id, step.Events);
                break;
            case "fetch":
                (await session.Events.FetchForWriting<Account>(id, version)).AppendMany(step.Events);
                break;
            default:
                (await session.Events.FetchForExclusiveWriting<Account>(id)).AppendMany(step.Events);
                break;
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

    private sealed record Step(int Stream, string Way, object[] Events);

    private sealed record State(string Owner, int Balance, int Withdrawals)
    {
        public static readonly State Empty = new("", 0, 0);
    }
}
