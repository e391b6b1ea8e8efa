using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>Customers who buy side by side until the host is gone, and who remember what they were told.</summary>
internal sealed class Traffic(Shop shop, IReadOnlyList<string> skus)
{
    private readonly ConcurrentBag<Attempt> _attempts = [];
    private readonly ConcurrentBag<Answer> _refusals = [];
    private int _acknowledged;

    /// <summary>Every order that was sent, whether answered or not.</summary>
    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    /// <summary>Answers that no customer should get.</summary>
    public IReadOnlyCollection<Answer> Refusals => _refusals;

    /// <summary>Waits until so many orders were answered with 201.</summary>
    public Task AcknowledgedAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _acknowledged) >= count || !_refusals.IsEmpty));

    /// <summary>Buys until the connection breaks.</summary>
    public Task RunAsync(int customers) => Task.WhenAll(Enumerable.Range(0, customers).Select(customer => BuyAsync(skus[customer % skus.Count])));

    private async Task BuyAsync(string sku)
    {
        try
        {
            while (_refusals.IsEmpty)
            {
                var basket = await shop.Api.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } });
                var checkout = basket.Code == 201 ? await shop.CheckoutAsync(basket["id"]) : basket;
                if (checkout.Code != 201)
                {
                    _refusals.Add(checkout);
                    return;
                }

                var attempt = new Attempt(Guid.NewGuid().ToString(), basket["id"], sku, checkout.Json);
                _attempts.Add(attempt);
                var order = await shop.OrderAsync(attempt.Checkout, attempt.Key);
                if (order.Code != 201)
                {
                    _refusals.Add(order);
                    return;
                }

                attempt.OrderId = order["id"];
                Interlocked.Increment(ref _acknowledged);
            }
        }
        catch (HttpRequestException)
        {
            // The host is gone: the reason why this customer stops.
        }
    }

    /// <summary>One order that was sent.</summary>
    internal sealed record Attempt(string Key, string BasketId, string Sku, JsonNode Checkout)
    {
        /// <summary>The order, once it was acknowledged.</summary>
        public string? OrderId { get; set; }
    }
}
