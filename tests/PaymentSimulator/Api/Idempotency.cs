namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>What was answered to requests with an <c>Idempotency-Key</c>: the first answer counts, also when it was an error, for as long as it is remembered.</summary>
internal sealed class Idempotency(SimulatorSettings settings)
{
    private const int LongestKey = 255;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Takes a key.</summary>
    /// <param name="key">As it was sent.</param>
    /// <param name="fingerprint">Of the request.</param>
    /// <returns>The answer of the same request before; null when it is the first, which has to be ended by <see cref="End"/>.</returns>
    /// <exception cref="RequestFailure">The key is in use, or belongs to another request.</exception>
    public ApiAnswer? Begin(string key, string fingerprint)
    {
        if (key.Length > LongestKey)
        {
            throw RequestFailure.Invalid(400, null, $"An idempotency key has at most {LongestKey} characters.");
        }

        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                return entry.Fingerprint != fingerprint
                    ? throw RequestFailure.Repeated(400, null, $"The idempotency key '{key}' was used for a request with other parameters. Use another key for another request.")
                    : entry.Answer ?? throw RequestFailure.Repeated(409, "idempotency_key_in_use", $"A request with the idempotency key '{key}' is still in progress.");
            }

            _entries[key] = new Entry(fingerprint, null);
            _order.Enqueue(key);
            while (_order.Count > settings.Capacity * 4L)
            {
                _entries.Remove(_order.Dequeue());
            }

            return null;
        }
    }

    /// <summary>Keeps the answer; without one the key is free again.</summary>
    public void End(string key, ApiAnswer? answer)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return;
            }

            if (answer is null)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = entry with { Answer = answer };
            }
        }
    }

    private sealed record Entry(string Fingerprint, ApiAnswer? Answer);
}

/// <summary>An answer as it goes over the wire.</summary>
internal sealed record ApiAnswer(int Status, byte[] Body);
