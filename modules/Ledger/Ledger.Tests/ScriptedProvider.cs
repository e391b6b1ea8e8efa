using System.Collections.Immutable;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Tests;

/// <summary>What Payments would answer for the provider.</summary>
internal sealed class ScriptedProvider
{
    private ImmutableList<ProviderTransaction> _transactions = [];
    private int _failures;
    private int _asked;

    public string Name { get; init; } = "test";

    public int PageSize { get; set; } = 100;

    /// <summary>How many pages were asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public void Fail(int times) => Volatile.Write(ref _failures, times);

    public void Clear() => ImmutableInterlocked.Update(ref _transactions, static _ => []);

    public ProviderTransaction Captured(string reference, long amount, DateTimeOffset at, long fee = 0, string currency = "EUR") => Add(reference, "capture", amount, fee, at, currency);

    public ProviderTransaction Refunded(string reference, long amount, DateTimeOffset at) => Add(reference, "refund", -amount, 0, at, "EUR");

    /// <summary>A refund that did not arrive.</summary>
    public ProviderTransaction Returned(string reference, long amount, DateTimeOffset at) => Add(reference, "refund_failure", amount, 0, at, "EUR");

    public ProviderTransaction PaidOut(long amount, DateTimeOffset at) => Add("po_" + Guid.NewGuid().ToString("N"), "payout", -amount, 0, at, "EUR");

    public ProviderTransactionPage Answer(GetProviderTransactions request)
    {
        Interlocked.Increment(ref _asked);
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new HttpRequestException("The provider is away.");
        }

        var start = request.After is { } after ? int.Parse(after, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var all = _transactions.Where(moved => moved.CreatedAt >= request.From && moved.CreatedAt < request.To).ToList();
        var page = all.Skip(start).Take(PageSize).ToList();
        return new ProviderTransactionPage(Name, page, start + page.Count < all.Count ? (start + page.Count).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    private ProviderTransaction Add(string reference, string kind, long amount, long fee, DateTimeOffset at, string currency)
    {
        var added = new ProviderTransaction("txn_" + Guid.NewGuid().ToString("N"), reference, kind, new Money(amount, currency), new Money(fee, currency), at);
        ImmutableInterlocked.Update(ref _transactions, list => list.Add(added));
        return added;
    }
}
