using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using Marten.Subscriptions;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>What one owner has in all accounts.</summary>
internal sealed class Wealth
{
    public string Id { get; set; } = "";

    public long Version { get; set; }

    public int Accounts { get; set; }

    public int Turnover { get; set; }
}

internal sealed record OwnedDeposit(string Owner, int Amount);

internal sealed partial class WealthProjection : MultiStreamProjection<Wealth, string>
{
    public WealthProjection()
    {
        Identity<AccountOpened>(e => e.Owner);
        Identity<OwnedDeposit>(e => e.Owner);
    }

    public static void Apply(AccountOpened opened, Wealth wealth) => wealth.Accounts += opened.Limit == int.MinValue ? 0 : 1;

    public static void Apply(OwnedDeposit deposit, Wealth wealth) => wealth.Turnover += deposit.Amount;
}

/// <summary>One document for each deposit.</summary>
internal sealed class Receipt
{
    public Guid Id { get; set; }

    public int Amount { get; set; }

    public long Sequence { get; set; }
}

internal sealed partial class ReceiptProjection : EventProjection
{
    public static Receipt Create(IEvent<MoneyDeposited> deposited) => new() { Id = deposited.Id, Amount = deposited.Data.Amount, Sequence = deposited.Sequence };
}

/// <summary>Fails at poisoned events.</summary>
internal sealed class FragileProjection : SingleStreamProjection<Fragile, Guid>
{
    public override Fragile? Evolve(Fragile? snapshot, Guid id, IEvent e)
    {
        snapshot ??= new Fragile { Id = id };
        if (e.Data is SomethingElse { Text: "poison" })
            throw new InvalidOperationException("This event is poisoned.");
        snapshot.Count++;
        return snapshot;
    }
}

internal sealed class Fragile
{
    public Guid Id { get; set; }

    public int Count { get; set; }
}

/// <summary>Collects the sequences that it receives.</summary>
internal sealed class Collector : SubscriptionBase
{
    private readonly Lock gate = new();
    private readonly List<long> sequences = [];

    public Collector(string name = "Collector") => Name = name;

    public IReadOnlyList<long> Sequences
    {
        get
        {
            lock (gate)
                return [.. sequences];
        }
    }

    public Func<EventRange, ISubscriptionController, Task>? Before { get; set; }

    public override async Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        if (Before is { } before)
            await before(page, controller);
        lock (gate)
            sequences.AddRange(page.Events.Select(e => e.Sequence));
        return NullChangeListener.Instance;
    }
}
