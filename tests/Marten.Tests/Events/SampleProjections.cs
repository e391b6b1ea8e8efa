using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;

namespace ModularMonolith.Marten.Tests.Events;

internal interface INote
{
    string Text { get; }
}

internal sealed record Note(string Text) : INote;

internal sealed record LoudNote(string Text) : INote;

/// <summary>What a projection writes; one constructor accepts an event, the other is for the serializer.</summary>
internal sealed class Journal
{
    public Journal()
    {
    }

    public Journal(IEvent<AccountOpened> opened) => Lines.Add($"constructed for {opened.Data.Owner}");

    public Guid Id { get; set; }

    public int Version { get; set; }

    public List<string> Lines { get; set; } = [];

    public void Apply(MoneyDeposited deposited) => Lines.Add($"deposited {deposited.Amount}");

    public void Apply(INote note) => Lines.Add($"note {note.Text}");

    public void Apply(LoudNote note) => Lines.Add($"LOUD {note.Text}");
}

internal sealed partial class JournalProjection : SingleStreamProjection<Journal, Guid>
{
    public static void Apply(MoneyWithdrawn withdrawn, Journal journal, IQuerySession session) =>
        journal.Lines.Add($"withdrawn {withdrawn.Amount} by {(session is null ? "nobody" : "session")}");

    public async Task<Journal> Apply(IEvent<SomethingElse> item, Journal journal, CancellationToken token)
    {
        await Task.Yield();
        token.ThrowIfCancellationRequested();
        journal.Lines.Add($"task {item.Data.Text} at {item.Version}");
        return journal;
    }

    public static Task<bool> ShouldDelete(AccountClosed closed) => Task.FromResult(closed.Reason == "x");
}

internal sealed record Counter(string Id, int Count);

internal sealed class CounterProjection : SingleStreamProjection<Counter, string>
{
    public override Counter? Evolve(Counter? snapshot, string id, IEvent e) =>
        e.Data is AccountClosed ? null : new Counter(id, (snapshot?.Count ?? 0) + 1);
}

/// <summary>Begins with an opening only.</summary>
internal sealed class Strict
{
    public Strict(AccountOpened opened) => Owner = opened.Owner;

    public Guid Id { get; set; }

    public string Owner { get; }

    public int Balance { get; private set; }

    public void Apply(MoneyDeposited deposited) => Balance += deposited.Amount;
}
