using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>Sums of the entries of ledgers, made independently of the snapshots that they are compared with.</summary>
internal sealed class BackorderAudit(IReadOnlyList<SkuLedger> ledgers)
{
    private readonly Dictionary<string, (long Held, long Waiting, long Number, string? Problem)> _sums =
        ledgers.ToDictionary(static ledger => ledger.Id, static _ => (0L, 0L, 0L, (string?)null), StringComparer.Ordinal);

    public void Add(string key, ILedgerEntry entry, long number)
    {
        var (held, waiting, last, problem) = _sums[key];
        problem ??= number == last + 1 ? null : $"Entry {last + 1} is missing";
        if (entry is IBackorderEntry moved)
        {
            held += moved.HeldChange;
            waiting += moved.WaitingChange;
            problem ??= held < 0 || waiting < 0 ? $"Entry {number} left {held} held and {waiting} waiting"
                : (moved.Balance.Held, moved.Balance.Waiting) != (held, waiting) ? $"Entry {number} says that it left {moved.Balance.Held} held and {moved.Balance.Waiting} waiting; it left {held} and {waiting}"
                : entry is BackorderHeld && held + waiting > moved.Balance.Limit ? $"Entry {number} promised what made {held + waiting}; the limit was {moved.Balance.Limit}"
                : null;
        }

        _sums[key] = (held, waiting, number, problem);
    }

    /// <param name="waiting">What the back-orders themselves say, by SKU.</param>
    public IEnumerable<StockDifference> Differences(IReadOnlyDictionary<string, long> waiting)
    {
        foreach (var ledger in ledgers)
        {
            var sum = _sums[ledger.Id];
            var held = ledger.Holds.Values.Sum(static hold => (long)hold.Quantity);
            var queued = waiting.GetValueOrDefault(ledger.Sku);
            string?[] problems =
            [
                sum.Problem,
                (sum.Held, sum.Waiting) == (ledger.Held, ledger.Waiting) ? null : $"The entries add up to {sum.Held} held and {sum.Waiting} waiting; the ledger says {ledger.Held} and {ledger.Waiting}",
                sum.Number == ledger.Version ? null : $"The ledger has seen {ledger.Version} entries; there are {sum.Number}",
                held == ledger.Held ? null : $"The holds add up to {held}; the ledger says {ledger.Held}",
                queued == ledger.Waiting ? null : $"The back-orders wait for {queued}; the ledger says {ledger.Waiting}",
            ];
            foreach (var problem in problems.OfType<string>())
            {
                yield return new StockDifference(ledger.Sku, string.Empty, problem + ".");
            }
        }
    }
}
