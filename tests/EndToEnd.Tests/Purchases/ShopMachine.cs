using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>Customers and staff who do whatever comes into their heads, in an order that a seed decides.</summary>
internal sealed class ShopMachine(UnreliableShop shop, IReadOnlyList<string> skus, string coupon, string giftCard, int seed)
{
    private static readonly string[] Cards =
    [
        Storefront.Card, Storefront.Card, Storefront.Card, Storefront.Card, "pm_card_chargeDeclined", "pm_card_visa_chargeDeclinedInsufficientFunds",
    ];

    // What the provider does to the next calls, one of them at a time.
    private static readonly (string Kind, string? Operation, int? Milliseconds)[] Faults =
    [
        ("lost-response", "create", null), ("lost-response", "capture", null), ("timeout", "create", 3_000), ("timeout", "capture", 3_000), ("error-after", "capture", null),
        ("error-before", null, null), ("rate-limit", null, null), ("latency", null, 400), ("webhook-duplicate", null, null), ("webhook-reorder", null, null), ("webhook-lost", null, null),
        ("down", null, 1_500),
    ];

    private readonly ConcurrentBag<Attempt> _attempts = [];
    private readonly ConcurrentBag<string> _surprises = [];
    private readonly SemaphoreSlim _stepped = new(0);
    private int _steps;

    /// <summary>Every order that was asked for.</summary>
    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    /// <summary>Answers that nobody should get.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>Has people act side by side, and the provider and the host fail meanwhile.</summary>
    public async Task RunAsync(int people, int actions, int kills)
    {
        using var done = new CancellationTokenSource();
        var trouble = MakeTroubleAsync(people * actions, kills, done.Token);
        await Task.WhenAll(Enumerable.Range(0, people).Select(person => ActAsync(new Random(HashCode.Combine(seed, person)), actions)));
        await done.CancelAsync();
        _stepped.Release();
        await trouble;
    }

    private async Task MakeTroubleAsync(int actions, int kills, CancellationToken done)
    {
        var random = new Random(seed);
        var killsAt = Enumerable.Range(1, kills).Select(number => actions * number / (kills + 1)).ToList();
        for (var next = 1; !done.IsCancellationRequested; next++)
        {
            while (Volatile.Read(ref _steps) < next * 3 && !done.IsCancellationRequested)
            {
                await _stepped.WaitAsync(CancellationToken.None);
            }

            var (kind, operation, milliseconds) = Faults[random.Next(Faults.Length)];
            await shop.Provider.FaultAsync(kind, operation, next: 1, milliseconds: milliseconds);
            if (killsAt.Count > 0 && Volatile.Read(ref _steps) >= killsAt[0])
            {
                killsAt.RemoveAt(0);
                await shop.KillAndRestartAsync();
            }
        }
    }

    private async Task ActAsync(Random random, int actions)
    {
        using var customer = shop.Callers.Guest();
        for (var action = 0; action < actions; action++)
        {
            var own = _attempts.Where(attempt => attempt.Customer == customer && attempt.OrderId is not null).ToList();
            var any = _attempts.Where(static attempt => attempt.OrderId is not null).ToList();
            switch (random.Next(10))
            {
                case < 4:
                    await BuyAsync(customer, random);
                    break;
                case 4 when own.Count > 0:
                    await RepeatAsync(own[random.Next(own.Count)]);
                    break;
                case 5 when own.Count > 0:
                    Allow(await AskAsync(() => customer.PostAsync($"/api/ordering/orders/{own[random.Next(own.Count)].OrderId}/cancel", new { reason = "no need" })), 200, 409);
                    break;
                case 6 when own.Count > 0:
                    await CancelOneAsync(customer, own[random.Next(own.Count)]);
                    break;
                case < 9 when any.Count > 0:
                    await PackAsync(any[random.Next(any.Count)], random);
                    break;
                default:
                    await SendAsync(any);
                    break;
            }

            Interlocked.Increment(ref _steps);
            _stepped.Release();
        }
    }

    private async Task BuyAsync(Api customer, Random random)
    {
        var goods = skus.OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToDictionary(static sku => sku, _ => random.Next(1, 4), StringComparer.Ordinal);
        var coupons = random.Next(2) == 0 ? [coupon] : Array.Empty<string>();
        var card = Storefront.CardOf(Cards[random.Next(Cards.Length)]);
        object[] tenders = random.Next(4) == 0 ? [new { kind = "gift-card", code = giftCard, amount = Storefront.Euros(100) }, card] : [card];
        var wait = random.Next(3);
        var checkout = await AskAsync(() => shop.Store.StartCheckoutAsync(customer, goods, coupons));
        if (checkout.Code != 201)
        {
            // The stock is short, or the basket that an unanswered request made is another one.
            Allow(checkout, 409);
            return;
        }

        var attempt = new Attempt(customer, Guid.NewGuid().ToString(), checkout.Json, tenders, wait);
        var answer = await OrderAsync(attempt);
        if (answer.Code == 201)
        {
            attempt.OrderId = answer["id"];
            _attempts.Add(attempt);
            return;
        }

        // The coupon or the gift card was used up in between: the customer gives up.
        Allow(answer, 409);
        Allow(await AskAsync(() => customer.DeleteAsync("/api/ordering/checkouts/" + checkout["id"])), 204);
    }

    private async Task RepeatAsync(Attempt attempt)
    {
        var again = await OrderAsync(attempt);
        Allow(again, 201);
        if (again.Code == 201 && again["id"] != attempt.OrderId)
        {
            _surprises.Add($"One key made the orders {attempt.OrderId} and {again["id"]}.");
        }
    }

    private async Task CancelOneAsync(Api customer, Attempt attempt)
    {
        var order = (await AskAsync(() => customer.GetAsync("/api/ordering/orders/" + attempt.OrderId))).Expect(200).Json;
        var line = order["lines"]![0]!;
        Allow(
            await AskAsync(() => customer.PostAsync(
                $"/api/ordering/orders/{attempt.OrderId}/cancellations",
                new { lines = new[] { new { variantId = (string)line["variantId"]!, quantity = 1 } }, reason = "one less" }, ("Idempotency-Key", attempt.Key + "-less"))),
            200, 201, 409);
    }

    private async Task PackAsync(Attempt attempt, Random random)
    {
        var answer = await AskAsync(() => shop.Store.Staff.GetAsync("/api/shipping/fulfilments/" + attempt.OrderId));
        var left = answer.Code == 200 ? answer.Json["lines"]!.AsArray().Where(static line => (int)line!["left"]! > 0).ToList() : [];
        if (left.Count == 0)
        {
            return;
        }

        var line = left[random.Next(left.Count)]!;
        var key = Guid.NewGuid().ToString();
        var quantity = random.Next(1, (int)line["left"]! + 1);
        Allow(
            await AskAsync(() => shop.Store.Staff.PostAsync(
                $"/api/shipping/fulfilments/{attempt.OrderId}/shipments", new { lines = new[] { new { variantId = (string)line["variantId"]!, quantity } }, parcels = Storefront.Parcels }, ("Idempotency-Key", key))),
            201, 409);
    }

    private async Task SendAsync(List<Attempt> any)
    {
        foreach (var attempt in any)
        {
            var fulfilment = await AskAsync(() => shop.Store.Staff.GetAsync("/api/shipping/fulfilments/" + attempt.OrderId));
            foreach (var shipment in fulfilment.Code == 200 ? fulfilment.Json["shipments"]!.AsArray() : [])
            {
                var path = "/api/shipping/shipments/" + (string)shipment!["id"]!;
                if ((string?)shipment["status"] == "ready")
                {
                    Allow(await AskAsync(() => shop.Store.Staff.PostAsync(path + "/dispatch", null)), 200, 409);
                }
                else if ((string?)shipment["status"] == "dispatched")
                {
                    Allow(await AskAsync(() => shop.Store.Staff.PostAsync(path + "/tracking", new { status = "delivered", occurredAt = TimeProvider.System.GetUtcNow() })), 200, 409);
                }
            }
        }
    }

    private Task<Answer> OrderAsync(Attempt attempt) => AskAsync(() => Storefront.OrderAsync(attempt.Customer, attempt.Checkout, attempt.Tenders, attempt.Key, attempt.Wait));

    private Task<Answer> AskAsync(Func<Task<Answer>> send) => shop.Client.AskAsync(send);

    private void Allow(Answer answer, params int[] codes)
    {
        if (!codes.Contains(answer.Code))
        {
            _surprises.Add(answer.ToString());
        }
    }

    /// <summary>An order that somebody has asked for.</summary>
    internal sealed record Attempt(Api Customer, string Key, JsonNode Checkout, object[] Tenders, int Wait)
    {
        public string? OrderId { get; set; }
    }
}
