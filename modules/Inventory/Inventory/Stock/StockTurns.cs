namespace ModularMonolith.Inventory.Stock;

/// <summary>
/// Whoever wants to decide on a SKU waits here, in this process and in the order of coming, until few are before them, and only then takes a connection and waits for the lock in the database. Else
/// those who want one popular SKU hold all connections of the module, and nobody who wants another is served; and a row that many transactions wait for is handed on slowly and in no order, since each
/// of them follows all versions that the others have made of it. This protects nothing: the locks in the database do.
/// </summary>
internal sealed class StockTurns
{
    // One that works under the lock, and one that waits for it, so that it is taken over without a pause.
    private const int AtOnce = 2;

    // Whoever has waited so long goes on without a turn, so that nothing that hangs here keeps a SKU from being sold.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How many SKUs somebody has or waits for.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Waits for a turn with each of some SKUs.</summary>
    /// <param name="skus">Each once, in the order in which everybody takes them, so that nobody waits in a circle.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The turns, which end when it is disposed of.</returns>
    public async Task<IDisposable> TakeAsync(IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var turns = new Turns(this);
        try
        {
            foreach (var sku in skus)
            {
                await turns.AddAsync(sku, Join(sku), cancellationToken);
            }

            return turns;
        }
        catch
        {
            turns.Dispose();
            throw;
        }
    }

    private Line Join(string sku)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(sku, out var line))
            {
                _lines[sku] = line = new Line();
            }

            line.People++;
            return line;
        }
    }

    private void Leave(string sku, Line line, bool hasTurn)
    {
        if (hasTurn)
        {
            line.Free.Release();
        }

        lock (_lock)
        {
            if (--line.People == 0)
            {
                _lines.Remove(sku);
                line.Free.Dispose();
            }
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim Free { get; } = new(AtOnce);

        /// <summary>Those who have a turn or wait for one.</summary>
        public int People { get; set; }
    }

    private sealed class Turns(StockTurns owner) : IDisposable
    {
        private readonly List<(string Sku, Line Line, bool HasTurn)> _taken = [];

        public async Task AddAsync(string sku, Line line, CancellationToken cancellationToken)
        {
            var hasTurn = false;
            try
            {
                hasTurn = await line.Free.WaitAsync(Longest, cancellationToken);
            }
            finally
            {
                _taken.Add((sku, line, hasTurn));
            }
        }

        public void Dispose()
        {
            foreach (var (sku, line, hasTurn) in _taken)
            {
                owner.Leave(sku, line, hasTurn);
            }

            _taken.Clear();
        }
    }
}
