using System.Text.Json.Serialization;

namespace ModularMonolith.PaymentSimulator.Faults;

/// <summary>What can go wrong.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>The work is done later, and only then answered.</summary>
    [JsonStringEnumMemberName("latency")]
    Latency,

    /// <summary>The card is declined.</summary>
    [JsonStringEnumMemberName("decline")]
    Decline,

    /// <summary>The work is done, and nothing is answered for as long as anybody waits.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout,

    /// <summary>The work is done, and the connection closed.</summary>
    [JsonStringEnumMemberName("lost-response")]
    LostResponse,

    /// <summary>Nothing is done; 500. Sent again, the request is done.</summary>
    [JsonStringEnumMemberName("error-before")]
    ErrorBefore,

    /// <summary>The work is done; 500. Sent again with its key, the request gets the true answer.</summary>
    [JsonStringEnumMemberName("error-after")]
    ErrorAfter,

    /// <summary>The work is done; 500. Sent again with its key, the request gets 500 again: only asking, or the webhook, tells.</summary>
    [JsonStringEnumMemberName("error-kept")]
    ErrorKept,

    /// <summary>429.</summary>
    [JsonStringEnumMemberName("rate-limit")]
    RateLimit,

    /// <summary>Connections are closed before anything is done: for a time, or for the next requests.</summary>
    [JsonStringEnumMemberName("down")]
    Down,

    /// <summary>An event is sent twice.</summary>
    [JsonStringEnumMemberName("webhook-duplicate")]
    WebhookDuplicate,

    /// <summary>An event is sent after the one that follows it.</summary>
    [JsonStringEnumMemberName("webhook-reorder")]
    WebhookReorder,

    /// <summary>An event is sent later.</summary>
    [JsonStringEnumMemberName("webhook-delay")]
    WebhookDelay,

    /// <summary>An event is never sent.</summary>
    [JsonStringEnumMemberName("webhook-lost")]
    WebhookLost,
}

/// <summary>A fault as it is ordered.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Operation"><c>create</c>, <c>confirm</c>, <c>capture</c>, <c>cancel</c>, <c>refund</c>, <c>retrieve</c>, <c>report</c>, or the type of an event; null for all.</param>
/// <param name="Next">How many times it happens; null for until it is cleared.</param>
/// <param name="Probability">How likely it is each time, 0 to 1; null for always.</param>
/// <param name="Milliseconds">How long a latency, a delay, a timeout or a time down lasts.</param>
internal sealed record FaultOrder(FaultKind Kind, string? Operation = null, int? Next = null, double? Probability = null, int? Milliseconds = null)
{
    [JsonIgnore]
    public TimeSpan Duration => TimeSpan.FromMilliseconds(Milliseconds ?? 0);
}

/// <summary>The last time down that was ordered for a time.</summary>
/// <param name="Since">When it began; null when there was none.</param>
/// <param name="Until">When it ends, or has ended.</param>
/// <param name="Refused">How many requests it has refused.</param>
internal sealed record Outage(DateTimeOffset? Since, DateTimeOffset? Until, int Refused);

/// <summary>The faults that are ordered and have not happened yet. Safe for several threads.</summary>
internal sealed class FaultPlan(SimulatorSettings settings, TimeProvider time)
{
    private const int Most = 100;

    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<(FaultOrder Order, int Left)> _orders = [];
    private readonly Random _random = new(settings.Seed);
    private DateTimeOffset _downUntil;
    private Outage _outage = new(null, null, 0);

    /// <summary>The last time down; what has been ordered while another went on is part of that one.</summary>
    public Outage LastOutage
    {
        get
        {
            lock (_lock)
            {
                return _outage;
            }
        }
    }

    /// <summary>Whether a time down goes on, which refuses one more then.</summary>
    public bool RefusesNow()
    {
        lock (_lock)
        {
            var isDown = time.GetUtcNow() < _downUntil;
            _outage = isDown ? _outage with { Refused = _outage.Refused + 1 } : _outage;
            return isDown;
        }
    }

    /// <summary>Waits until no time down goes on.</summary>
    public async Task<Outage> EndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan left;
            lock (_lock)
            {
                left = _downUntil - time.GetUtcNow();
            }

            if (left <= TimeSpan.Zero)
            {
                return LastOutage;
            }

            // It can be made shorter meanwhile.
            await Task.Delay(left < LongestNap ? left : LongestNap, time, cancellationToken);
        }
    }

    public IReadOnlyList<FaultOrder> Orders
    {
        get
        {
            lock (_lock)
            {
                return [.. _orders.Select(static entry => entry.Order.Next is null ? entry.Order : entry.Order with { Next = entry.Left })];
            }
        }
    }

    /// <summary>Orders a fault.</summary>
    /// <returns>False when there are too many, or a number is out of its range.</returns>
    public bool Add(FaultOrder order)
    {
        lock (_lock)
        {
            if (_orders.Count >= Most || order.Next < 1 || order.Probability is < 0 or > 1 || order.Milliseconds is < 0 or > 600_000)
            {
                return false;
            }

            if (order is { Kind: FaultKind.Down, Milliseconds: not null })
            {
                var now = time.GetUtcNow();
                _outage = new Outage(now < _downUntil ? _outage.Since : now, now + order.Duration, now < _downUntil ? _outage.Refused : 0);
                _downUntil = now + order.Duration;
            }
            else
            {
                _orders.Add((order, order.Next ?? 0));
            }

            return true;
        }
    }

    public void Clear(FaultKind? kind = null)
    {
        lock (_lock)
        {
            _orders.RemoveAll(entry => kind is null || entry.Order.Kind == kind);
            if (kind is null or FaultKind.Down)
            {
                _outage = time.GetUtcNow() is var now && now < _downUntil ? _outage with { Until = now } : _outage;
                _downUntil = default;
            }
        }
    }

    /// <summary>Whether a fault happens now.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="operation">What is being done.</param>
    /// <returns>The fault; null when it does not.</returns>
    public FaultOrder? Take(FaultKind kind, string operation)
    {
        lock (_lock)
        {
            for (var index = 0; index < _orders.Count; index++)
            {
                var (order, left) = _orders[index];
                if (order.Kind != kind || (order.Operation is not null && order.Operation != operation) || (order.Probability is { } probability && !Happens(probability)))
                {
                    continue;
                }

                if (left == 1)
                {
                    _orders.RemoveAt(index);
                }
                else if (order.Next is not null)
                {
                    _orders[index] = (order, left - 1);
                }

                return order;
            }

            return null;
        }
    }

#pragma warning disable CA5394 // A test repeats a run by its seed; nothing secret hangs on these numbers.
    private bool Happens(double probability) => _random.NextDouble() < probability;
#pragma warning restore CA5394
}
