using JasperFx.Events;

namespace ModularMonolith.Marten.Tests.Events;

internal sealed record AccountOpened(string Owner, int Limit);

internal sealed record MoneyDeposited(int Amount);

internal sealed record MoneyWithdrawn(int Amount);

internal sealed record AccountClosed(string Reason);

internal sealed record SomethingElse(string Text);

/// <summary>A mutable aggregate in a Guid stream.</summary>
internal sealed class Account
{
    public Guid Id { get; set; }

    public long Version { get; set; }

    public string Owner { get; set; } = "";

    public int Balance { get; set; }

    public int Withdrawals { get; set; }

    public static Account Create(AccountOpened opened) => new() { Owner = opened.Owner };

    public void Apply(MoneyDeposited deposited) => Balance += deposited.Amount;

    public void Apply(IEvent<MoneyWithdrawn> withdrawn)
    {
        Balance -= withdrawn.Data.Amount;
        Withdrawals++;
    }

    public bool ShouldDelete(AccountClosed closed) => closed.Reason.Length > 0;
}

/// <summary>An immutable aggregate in a string stream.</summary>
internal sealed record Ledger(string Id, int Total)
{
    public int Version { get; init; }

    public static Ledger Create(IEvent<AccountOpened> opened) => new(opened.StreamKey!, 0);

    public Ledger Apply(MoneyDeposited deposited) => this with { Total = Total + deposited.Amount };

    public static Ledger Apply(MoneyWithdrawn withdrawn, Ledger ledger) => ledger with { Total = ledger.Total - withdrawn.Amount };
}
