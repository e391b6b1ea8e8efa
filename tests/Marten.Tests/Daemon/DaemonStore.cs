using JasperFx.Events.Daemon;
using Marten;
using Marten.Events;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

internal static class DaemonStore
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Short intervals, so that nothing in a test waits for a poll.</summary>
    public static Task<TestStore> CreateAsync(Action<StoreOptions> configure, string? schema = null) => TestStore.CreateAsync(o =>
    {
        o.Projections.AgentPauseTime = TimeSpan.FromMilliseconds(20);
        o.Projections.FastPollingTime = TimeSpan.FromMilliseconds(20);
        o.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(50);
        configure(o);
    }, schema);

    public static async Task<IProjectionDaemon> StartDaemonAsync(this TestStore test)
    {
        var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        return daemon;
    }

    public static Task CaughtUpAsync(this TestStore test) => test.Store.WaitForNonStaleProjectionDataAsync(Patience);

    public static async Task<Guid> OpenAccountAsync(this TestStore test, string owner, params int[] deposits)
    {
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, [new AccountOpened(owner, 5), .. deposits.Select(d => (object)new MoneyDeposited(d))]));
        return id;
    }
}
