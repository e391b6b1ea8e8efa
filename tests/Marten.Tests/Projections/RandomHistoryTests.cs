using JasperFx.Events.Projections;
using Marten;
using ModularMonolith.Marten.Tests.Daemon;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Projections;

/// <summary>Random histories in random pages, followed inline and by the daemon, against a pure fold over all events.</summary>
public sealed class RandomHistoryTests
{
    private const int Streams = 4;
    private const int Owners = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Inline_and_asynchronous_projections_equal_a_pure_fold(int seed)
    {
        var pageSize = (seed * 5) - 4;
        await using var inline = await DaemonStore.CreateAsync(o => Configure(o, ProjectionLifecycle.Inline, pageSize));
        await using var later = await DaemonStore.CreateAsync(o => Configure(o, ProjectionLifecycle.Async, pageSize));
        var ids = Enumerable.Range(0, Streams).Select(_ => Guid.CreateVersion7()).ToArray();
        var histories = ids.ToDictionary(id => id, _ => new List<object>());
        using var daemon = await later.StartDaemonAsync();
        foreach (var step in Steps(new Random(seed)))
        {
            histories[ids[step.Stream]].AddRange(step.Events);
            foreach (var test in new[] { inline, later })
                await test.SaveAsync(s => s.Events.Append(ids[step.Stream], step.Events));
        }

        await later.CaughtUpAsync();
        await AssertEqualsFoldAsync(inline, histories);
        await AssertEqualsFoldAsync(later, histories);
        await daemon.RebuildProjectionAsync<Wealth>(default);
        await daemon.RebuildProjectionAsync<Account>(default);
        await AssertEqualsFoldAsync(later, histories);
    }

    private static void Configure(StoreOptions options, ProjectionLifecycle lifecycle, int pageSize)
    {
        options.Projections.Add<WealthProjection>(lifecycle, a => a.BatchSize = pageSize);
        options.Projections.Snapshot<Account>(lifecycle == ProjectionLifecycle.Inline ? SnapshotLifecycle.Inline : SnapshotLifecycle.Async, a => a.BatchSize = pageSize);
    }

    private static async Task AssertEqualsFoldAsync(TestStore test, Dictionary<Guid, List<object>> histories)
    {
        await using var session = test.Query();
        var accounts = await session.Query<Account>().ToListAsync();
        var expected = histories.Select(h => Fold(h.Key, h.Value)).Where(a => a is not null).Select(a => a!.Value).Order();
        Assert.Equal(expected, accounts.Select(a => (a.Id, a.Owner, a.Balance, a.Withdrawals)).Order());
        var wealth = await session.Query<Wealth>().ToListAsync();
        var all = histories.Values.SelectMany(h => h).ToList();
        var owners = Enumerable.Range(0, Owners).Select(i => $"owner {i}")
            .Select(o => (o, all.Count(e => e is AccountOpened opened && opened.Owner == o), all.OfType<OwnedDeposit>().Where(d => d.Owner == o).Sum(d => d.Amount), all.Any(e => e is OwnedDeposit d && d.Owner == o)))
            .Where(o => o.Item2 > 0 || o.Item4).Select(o => (o.o, o.Item2, o.Item3)).Order();
        Assert.Equal(owners, wealth.Select(w => (w.Id, w.Accounts, w.Turnover)).Order());
    }

    // The meaning of the sample aggregate, written down once more without any of its code.
    private static (Guid, string, int, int)? Fold(Guid id, List<object> events)
    {
        (string Owner, int Balance, int Withdrawals)? state = null;
        foreach (var item in events)
        {
            var (owner, balance, withdrawals) = state ?? ("", 0, 0);
            state = item switch
            {
                AccountOpened opened when state is null => (opened.Owner, 0, 0),
                MoneyDeposited deposited => (owner, balance + deposited.Amount, withdrawals),
                MoneyWithdrawn withdrawn => (owner, balance - withdrawn.Amount, withdrawals + 1),
                AccountClosed { Reason.Length: > 0 } => null,
                _ => state,
            };
        }

        return state is { } last ? (id, last.Owner, last.Balance, last.Withdrawals) : null;
    }

    private static IEnumerable<(int Stream, object[] Events)> Steps(Random random)
    {
        for (var i = 0; i < 40; i++)
            yield return (random.Next(Streams), [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomEvent(random))]);
    }

    private static object RandomEvent(Random random) => random.Next(6) switch
    {
        0 => new AccountOpened($"owner {random.Next(Owners)}", 1),
        1 => new MoneyDeposited(random.Next(100)),
        2 => new MoneyWithdrawn(random.Next(100)),
        3 => new AccountClosed(random.Next(2) == 0 ? "" : "moved"),
        4 => new OwnedDeposit($"owner {random.Next(Owners)}", random.Next(100)),
        _ => new SomethingElse("x"),
    };
}
