using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>
/// What holds for a SKU over all locations: how it may be sold, and what of it is ordered before it is there. It exists from its first policy on. Back-orders are kept apart from the
/// stock, which they never change: at any time Held is the sum of the holds, and whatever is added leaves Held + Waiting within the limit of that moment. The back-orders
/// themselves are documents of their own (<see cref="Backorder"/>), so that this stays small however many wait.
/// </summary>
internal sealed partial record SkuLedger
{
    // A location's code cannot have it, and it sorts before all of them: whoever locks in the order of keys locks the ledgers first.
    private const string Prefix = "$/";

    public string Id { get; set; } = string.Empty;

    public string Sku => Id.Length > Prefix.Length ? Id[Prefix.Length..] : string.Empty;

    public StockPolicy Policy { get; init; } = StockPolicy.None;

    /// <summary>Raised with each change of the policy, unlike the stream's version.</summary>
    public int PolicyVersion { get; init; }

    [JsonConverter(typeof(HoldsConverter))]
    public ImmutableDictionary<Guid, Hold> Holds { get; init; } = ImmutableDictionary<Guid, Hold>.Empty;

    public int Held { get; init; }

    public int Waiting { get; init; }

    /// <summary>The place of the last order in the line.</summary>
    public long LastNumber { get; init; }

    public bool IsLow { get; init; }

    public bool IsOut { get; init; }

    public long Version { get; set; }

    public static string KeyOf(string sku) => Prefix + sku;

    /// <summary>How many more may be ordered at a moment before they are there. Holds that have expired count as gone.</summary>
    public int AllowanceAt(DateTimeOffset now)
    {
        var open = (long)Waiting;
        foreach (var hold in Holds.Values)
        {
            open += hold.ExpiresAt > now ? hold.Quantity : 0;
        }

        return (int)Math.Max(0, Policy.LimitAt(now) - open);
    }

    public SkuLedger Apply(ILedgerEntry entry) => entry switch
    {
        PolicySet set => this with { Policy = set.Policy, PolicyVersion = PolicyVersion + 1 },
        StockMarked marked => this with { IsLow = marked.IsLow, IsOut = marked.IsOut },
        IBackorderEntry moved => this with
        {
            Held = Held + moved.HeldChange,
            Waiting = Waiting + moved.WaitingChange,
            LastNumber = moved is BackorderCommitted { Quantity: > 0 } taken ? taken.Number : LastNumber,
            Holds = moved switch
            {
                BackorderHeld held => Holds.Add(held.ReservationId, new Hold(held.Quantity, held.ExpiresAt)),
                BackorderHoldExtended extended => Holds.SetItem(extended.ReservationId, Holds[extended.ReservationId] with { ExpiresAt = extended.ExpiresAt }),
                BackorderReleased or BackorderExpired or BackorderCommitted => Holds.Remove(moved.Reservation),
                _ => Holds,
            },
        },
        _ => this,
    };
}

// The decisions, as those of a stock item.
internal sealed partial record SkuLedger
{
    public IReadOnlyList<IBackorderEntry> Hold(Guid reservationId, int quantity, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (quantity > AllowanceAt(now))
        {
            throw new InvalidOperationException($"{quantity} of {Sku} cannot be ordered before they are there. The caller has to ask for what is short first.");
        }

        // Expired holds go first: their reservations' timers do nothing more, and what is held stays within the limit.
        var ledger = this;
        var entries = new List<IBackorderEntry>();
        foreach (var (expired, hold) in Holds.Where(held => held.Value.ExpiresAt <= now).OrderBy(static held => held.Value.ExpiresAt).ThenBy(static held => held.Key))
        {
            var gone = new BackorderExpired(expired, hold.Quantity, ledger.Balance(-hold.Quantity, 0, now));
            entries.Add(gone);
            ledger = ledger.Apply(gone);
        }

        entries.Add(new BackorderHeld(reservationId, quantity, expiresAt, ledger.Balance(quantity, 0, now)));
        return entries;
    }

    public BackorderHoldExtended Extend(Guid reservationId, DateTimeOffset expiresAt, DateTimeOffset now) => Holds.ContainsKey(reservationId)
        ? new BackorderHoldExtended(reservationId, expiresAt, Balance(0, 0, now))
        : throw NotHeld(reservationId);

    public BackorderReleased Release(Guid reservationId, DateTimeOffset now) => new(reservationId, HeldBy(reservationId), Balance(-HeldBy(reservationId), 0, now));

    public BackorderExpired Expire(Guid reservationId, DateTimeOffset now) => new(reservationId, HeldBy(reservationId), Balance(-HeldBy(reservationId), 0, now));

    public BackorderCommitted Commit(Guid reservationId, int waiting, DateTimeOffset now)
    {
        var held = HeldBy(reservationId);
        return waiting >= 0 && waiting <= held
            ? new BackorderCommitted(reservationId, held, waiting, LastNumber + 1, Balance(-held, waiting, now))
            : throw new InvalidOperationException($"The reservation {reservationId} holds {held} of {Sku} and cannot wait for {waiting}.");
    }

    public BackorderArrived Arrive(Guid reservationId, int quantity, string location, DateTimeOffset now) => new(reservationId, quantity, location, Balance(0, -Waited(quantity), now));

    public BackorderCancelled Cancel(Guid reservationId, int quantity, DateTimeOffset now) => new(reservationId, quantity, Balance(0, -Waited(quantity), now));

    private int Waited(int quantity) => quantity > 0 && quantity <= Waiting
        ? quantity
        : throw new InvalidOperationException($"{Waiting} of {Sku} are waited for, not {quantity}.");

    private int HeldBy(Guid reservationId) => Holds.TryGetValue(reservationId, out var hold) ? hold.Quantity : throw NotHeld(reservationId);

    private BackorderBalance Balance(int heldChange, int waitingChange, DateTimeOffset now) => new(Held + heldChange, Waiting + waitingChange, Policy.LimitAt(now));

    private InvalidOperationException NotHeld(Guid reservationId) => new($"The reservation {reservationId} holds no back-order of {Sku}.");
}
