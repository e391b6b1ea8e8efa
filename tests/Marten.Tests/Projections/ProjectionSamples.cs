using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Grouping;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using Marten.Events.Projections.Flattened;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Projections;

internal sealed record Basket(string Owner, IReadOnlyList<Item> Items);

internal sealed record Item(string Product, int Quantity);

internal sealed record Shared(IReadOnlyList<string> Owners);

internal sealed record Renamed(string Product, string Name);

/// <summary>What was bought of one product.</summary>
internal sealed class Sales
{
    public string Id { get; set; } = "";

    public int Sold { get; set; }

    public List<string> Log { get; set; } = [];
}

/// <summary>Assigns the parts of an event to documents of their own.</summary>
internal sealed partial class SalesProjection : MultiStreamProjection<Sales, string>
{
    public SalesProjection()
    {
        FanOut<Basket, Item>(b => b.Items, FanoutMode.BeforeGrouping);
        Identity<Item>(i => i.Product);
        Identity<Renamed>(r => r.Product);
        DeleteEvent<Renamed>();
    }

    public static void Apply(Item item, Sales sales) => sales.Sold += item.Quantity;

    public override Sales ApplyMetadata(Sales aggregate, IEvent lastEvent)
    {
        aggregate.Log.Add($"{lastEvent.StreamId != Guid.Empty} {lastEvent.Sequence > 0}");
        return aggregate;
    }
}

/// <summary>What owners bought, with children behind their parents, ids from a list and from a lookup.</summary>
internal sealed partial class OwnerProjection : MultiStreamProjection<Sales, string>
{
    public OwnerProjection()
    {
        Name = "Owners";
        Identity<Basket>(b => b.Owner);
        Identities<Shared>(s => s.Owners);
        FanOut<Basket, Item>(b => b.Items);
        CustomGrouping(async (session, events, grouping) =>
        {
            var named = events.OfType<IEvent<SomethingElse>>().ToList();
            var receipts = await session.LoadManyAsync<Remark>(named.Select(e => e.Data.Text));
            foreach (var item in named.Where(e => receipts.Any(r => r.Id == e.Data.Text)))
                grouping.AddEvent(item.Data.Text, item);
        });
    }

    public static void Apply(Basket basket, Sales sales) => sales.Log.Add($"basket {basket.Items.Count}");

    public static void Apply(Item item, Sales sales) => sales.Log.Add($"item {item.Product}");

    public static void Apply(Shared shared, Sales sales) => sales.Log.Add($"shared {shared.Owners.Count}");

    public static void Apply(SomethingElse text, Sales sales) => sales.Log.Add($"text {text.Text}");
}

/// <summary>Decides about whole pages of events.</summary>
internal sealed class Tally
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public int Events { get; set; }
}

internal sealed class TallyProjection : SingleStreamProjection<Tally, Guid>
{
    public TallyProjection()
    {
        IncludeType<AccountOpened>();
        IncludeType<MoneyDeposited>();
        IncludeType<AccountClosed>();
    }

    public override (Tally?, ActionType) DetermineAction(Tally? snapshot, Guid identity, IReadOnlyList<IEvent> events)
    {
        if (events.Any(e => e.Data is AccountClosed))
            return (snapshot, ActionType.Delete);
        return (new Tally { Id = identity, Events = (snapshot?.Events ?? 0) + events.Count }, ActionType.Store);
    }
}

/// <summary>Reads while it evolves, and answers what it sees.</summary>
internal sealed class Greeting
{
    public Guid Id { get; set; }

    public string Text { get; set; } = "";

    public int Deposits { get; set; }
}

internal sealed class GreetingProjection : SingleStreamProjection<Greeting, Guid>
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, string> names = new();

    public override async Task EnrichEventsAsync(SliceGroup<Greeting, Guid> group, IQuerySession querySession, CancellationToken cancellation)
    {
        foreach (var user in await querySession.LoadManyAsync<Documents.User>(cancellation, group.Slices.Select(s => s.Id)))
            names[user.Id] = user.Name;
    }

    public override ValueTask<Greeting?> EvolveAsync(Greeting? snapshot, Guid id, IQuerySession session, IEvent e, CancellationToken cancellation)
    {
        snapshot ??= new Greeting();
        if (e.Data is AccountOpened)
            snapshot.Text = names.GetValueOrDefault(id, "nobody");
        if (e.Data is MoneyDeposited)
            snapshot.Deposits++;
        return new ValueTask<Greeting?>(snapshot);
    }

    public override ValueTask RaiseSideEffects(IDocumentOperations operations, IEventSlice<Greeting> slice)
    {
        if (slice.Snapshot is { Deposits: 2 } && slice.Events().Any(e => e.Data is MoneyDeposited))
        {
            slice.AppendEvent(new SomethingElse("two deposits"));
            operations.Store(new Remark { Id = slice.Snapshot.Id.ToString() });
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>All shapes of methods of a projection of single events.</summary>
internal sealed partial class AuditProjection : EventProjection
{
    public static void Project(MoneyDeposited deposited, IDocumentOperations operations) => operations.Store(new Remark { Id = $"deposit {deposited.Amount}" });

    public static async Task Project(IEvent<MoneyWithdrawn> withdrawn, IDocumentOperations operations, CancellationToken token)
    {
        var earlier = await operations.LoadAsync<Remark>("withdrawals", token);
        operations.Store(new Remark { Id = "withdrawals", Name = $"{earlier?.Name}{withdrawn.Data.Amount};" });
    }

    public static Remark Transform(IEvent<AccountClosed> closed) => new() { Id = $"closed {closed.Data.Reason}" };

    public static Task<Remark> Create(AccountOpened opened, IDocumentOperations operations) =>
        Task.FromResult(new Remark { Id = $"opened {opened.Owner} {operations is not null}" });
}

internal sealed class ExplicitAudit : EventProjection
{
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        operations.Store(new Remark { Id = $"{e.EventTypeName}" });
        return ValueTask.CompletedTask;
    }
}

internal sealed class PageCounter : IProjection
{
    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        operations.QueueSqlCommand("insert into " + operations.DocumentStore.Options.DatabaseSchemaName + ".pages (n) values (?)", events.Count);
        return Task.CompletedTask;
    }
}


internal sealed class AccountTable : FlatTableProjection
{
    public AccountTable()
        : base("account_table", SchemaNameSource.DocumentSchema)
    {
        Name = "accounts";
        Table.AddColumn<Guid>("id").AsPrimaryKey();
        Table.AddColumn<int>("deposits").DefaultValue(0);
        Project<AccountOpened>(map =>
        {
            map.Map(e => e.Owner).NotNull();
            map.Map(e => e.Limit, "credit");
            map.SetValue("status", "open");
            map.SetValue("level", 3);
        });
        Project<MoneyDeposited>(map =>
        {
            map.Increment(e => e.Amount, "balance");
            map.Increment("deposits");
            map.SetValue("owner", "'; drop table mt_events; --");
        });
        Project<MoneyWithdrawn>(map =>
        {
            map.Decrement(e => e.Amount, "balance");
            map.Decrement("level");
            map.SetValue("owner", "x");
        });
        Delete<AccountClosed>();
    }
}

internal sealed class Remark
{
    public string Id { get; set; } = "";

    public string? Name { get; set; }
}
