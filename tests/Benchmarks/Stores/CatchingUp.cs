using System.Diagnostics;
using System.Globalization;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

namespace ModularMonolith.Benchmarks.Stores;

/// <summary>Three asynchronous projections follow 5,000 events.</summary>
internal static class CatchingUp
{
    private const int Streams = 1_000;
    private const int EventsPerStream = 5;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task MeasureAsync(string connectionString, int rounds)
    {
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.DatabaseSchemaName = "followed";
            options.Projections.Snapshot<Account>(SnapshotLifecycle.Async);
            options.Projections.Add(new BranchBalances(), ProjectionLifecycle.Async);
            options.Projections.Add(new Withdrawals(), ProjectionLifecycle.Async);
        });
        var (appending, caughtUp) = (new List<double>(), new List<double>());
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        for (var round = 0; round <= rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = StoreBench.Sessions }, async (_, token) =>
            {
                await using var session = store.LightweightSession();
                session.Events.StartStream<Account>(Guid.CreateVersion7(), [.. Account.ThreeEvents(), new Deposited(7, "fourth"), new Withdrawn(2, "fifth")]);
                await session.SaveChangesAsync(token);
            });
            var appended = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await daemon.WaitForNonStaleData(Deadline);
            if (round > 0)
            {
                appending.Add(appended);
                caughtUp.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }

            await CheckAsync(store, Streams * (round + 1));
        }

        await daemon.StopAllAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Three asynchronous projections of {Streams * EventsPerStream} events, median of {rounds}: appended after {appending.Order().ElementAt(rounds / 2):F2} s, all caught up {caughtUp.Order().ElementAt(rounds / 2):F2} s after the first append began (reach 0.5)"));
    }

    private static async Task CheckAsync(DocumentStore store, int accounts)
    {
        await using var session = store.QuerySession();
        var counted = (await session.LoadAsync<BranchBalance>("main"))?.Accounts;
        if (counted != accounts || await session.Query<Account>().CountAsync() != accounts || await session.Query<Withdrawal>().CountAsync() != 2 * accounts)
        {
            throw new InvalidOperationException($"The projections have not caught up: {counted} of {accounts} accounts.");
        }
    }
}

/// <summary>One document for all accounts of a branch.</summary>
internal sealed class BranchBalance
{
    public string Id { get; set; } = string.Empty;

    public int Accounts { get; set; }

    public void Apply(Opened opened) => Accounts++;
}

internal sealed class BranchBalances : MultiStreamProjection<BranchBalance, string>
{
    public BranchBalances() => Identity<Opened>(opened => opened.Branch);
}

internal sealed record Withdrawal(Guid Id, long Amount, string Reference);

internal sealed partial class Withdrawals : EventProjection
{
    public Withdrawal Create(IEvent<Withdrawn> withdrawn) => new(withdrawn.Id, withdrawn.Data.Amount, withdrawn.Data.Reference);
}
