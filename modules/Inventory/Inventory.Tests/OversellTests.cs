using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Counts;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Inventory.Transits;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Everybody at once at a few pieces. Whatever the outcome, no piece is sold twice, none is lost, and the certificate of the whole history holds. These tests set the clock forward.</summary>
public sealed class OversellTests(RedirectTests.ThreePlaces places) : IClassFixture<RedirectTests.ThreePlaces>, IAsyncLifetime
{
    private static readonly StockDestination[] Destinations = [new("DE", "BE", "10117"), new("DE", "BY", "80333"), new("AT", null, "1010")];
    private static readonly string[] Locations = ["vienna", "berlin", "munich"];

    private InventoryHost Inventory => places.Inventory;

    private ModuleHost Host => places.Inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Inventory.AssertSoundAsync();
        Assert.Empty((await Inventory.CertifyAsync()).Findings!.Differences);
    }

    [Fact]
    public async Task Fifty_buyers_of_the_last_unit_find_it_once_while_it_is_carried_from_place_to_place()
    {
        var sku = await places.StockAsync(("vienna", 1), ("berlin", 1), ("munich", 1));
        await Task.WhenAll(Locations.Skip(1).Select(location => Host.SendAsync(new AdjustStock(sku, -1, "broken", location))));
        using var stop = new CancellationTokenSource();
        var carrying = RepeatAsync(round => TryAsync(() => Host.SendAsync(new TransferStock(sku, Locations[round % 3], Locations[(round + 1) % 3], 1))), stop.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(buyer => ReserveAsync(sku, 1, Destinations[buyer % 3])));

        await stop.CancelAsync();
        await carrying;
        Assert.Single(answers, static id => id is not null);
        Assert.Equal((1, 1, 0), await Inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task Whoever_ends_a_reservation_first_ends_it_and_every_piece_is_counted_once()
    {
        var sku = await places.StockAsync(("vienna", 20), ("berlin", 20), ("munich", 20));
        for (var round = 0; round < 3; round++)
        {
            var before = (await Inventory.LevelAsync(sku)).OnHand;
            var reserved = new List<Guid>();
            for (var number = 0; number < 12; number++)
            {
                reserved.Add((await ReserveAsync(sku, 1, Destinations[number % 3]))!.Value);
            }

            // Two seconds before their end, so that the timers are waited for to the millisecond, and meet all the others.
            Host.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(2));
            var end = Host.Time.GetUtcNow().AddSeconds(2);
            await Eventually.TrueAsync(() => Task.FromResult(Host.Time.GetUtcNow() >= end - TimeSpan.FromMilliseconds(30)));
            await Task.WhenAll(reserved.SelectMany((id, number) => EndsOf(id, sku, number)));

            foreach (var id in reserved)
            {
                await Eventually.Async(() => Inventory.ReservationAsync(id), static reservation => reservation!.Status != ReservationStatus.Active);
            }

            // An order takes what is there even if its reservation was released or is over: each that was told of took one piece.
            var consumed = reserved.Where(static (_, number) => number % 2 == 0).ToList();
            Assert.All(await Task.WhenAll(consumed.Select(id => Eventually.Async(() => Inventory.ReservationAsync(id), static one => one!.Status == ReservationStatus.Committed))), Assert.NotNull);
            Assert.Equal((before - consumed.Count, 0, before - consumed.Count), await Inventory.LevelAsync(sku));
        }
    }

    [Fact]
    public async Task Buyers_keep_to_a_policy_that_changes_under_their_hands()
    {
        var sku = await places.StockAsync(("vienna", 10), ("berlin", 10));
        using var stop = new CancellationTokenSource();
        StockPolicy[] policies = [new(SafetyStock: 5), new(BackorderLimit: 6, LowStockThreshold: 8), new(SafetyStock: 12, BackorderLimit: 2), new()];
        var changing = RepeatAsync(round => Host.SendAsync(new PutPolicy(sku, null, policies[round % policies.Length])), stop.Token);
        var moving = RepeatAsync(round => TryAsync(() => Host.SendAsync(new TransferStock(sku, Locations[round % 2], Locations[(round + 1) % 2], 2))), stop.Token);

        var sold = await Task.WhenAll(Enumerable.Range(0, 12).Select(async buyer =>
        {
            var taken = 0;
            for (var purchase = 0; purchase < 4; purchase++)
            {
                if (await ReserveAsync(sku, 1, Destinations[buyer % 3]) is { } id)
                {
                    taken += await ConsumeAsync(id, sku, 1);
                }
            }

            return taken;
        }));
        await stop.CancelAsync();
        await Task.WhenAll(changing, moving);

        // No more than was there and the highest limit; what is sold and not there is waited for. The certificate knows the limit of each moment.
        await Host.SendAsync(new PutPolicy(sku, null, new StockPolicy()));
        var ledger = (await Inventory.LedgerAsync(sku))!;
        Assert.InRange(sold.Sum(), 8, 26);
        Assert.Equal((0, 20 - sold.Sum()), (ledger.Held, (await Inventory.LevelAsync(sku)).OnHand - ledger.Waiting));
        Assert.Equal(Math.Max(0, sold.Sum() - 20), ledger.Waiting);
    }

    [Fact]
    public async Task A_count_and_goods_on_their_way_take_nothing_that_buyers_were_promised()
    {
        var sku = await places.StockAsync(("vienna", 15), ("berlin", 15), ("munich", 1));
        var (counted, sent) = (0, 0);
        var buying = Task.WhenAll(Enumerable.Range(0, 8).Select(async buyer =>
        {
            var taken = 0;
            for (var purchase = 0; purchase < 4; purchase++)
            {
                if (await ReserveAsync(sku, 2, Destinations[buyer % 3]) is not { } id)
                {
                    break;
                }

                if (purchase % 2 == 0)
                {
                    taken += await ConsumeAsync(id, sku, 2);
                }
                else
                {
                    Assert.True(await Host.SendAsync(new ReleaseReservation(id)));
                }
            }

            return taken;
        }));
        for (var round = 0; round < 6; round++)
        {
            var count = (await Host.SendAsync(new OpenCount(Locations[round % 2]))).Id;
            var expected = (await Inventory.ItemAsync(sku, Locations[round % 2]))!.OnHand;
            var entered = await Host.SendAsync(new EnterQuantities(count, [new FoundQuantity(sku, Math.Max(0, expected - 1))]));
            if (await TryAsync(() => Host.SendAsync(new CloseCount(count))))
            {
                counted += entered.View.Lines[0].Difference;
            }
            else
            {
                await Host.SendAsync(new CancelCount(count));
            }

            sent += await TryAsync(() => Host.SendAsync(new SendTransit(Locations[round % 2], "munich", [new StockLine(sku, 1)]))) ? 1 : 0;
        }

        var sold = (await buying).Sum();
        Assert.Equal((31 + counted - sent - sold, 0, 31 + counted - sent - sold), await Inventory.LevelAsync(sku));
        Assert.True(sold > 0 && sent > 0, $"{sold} sold, {sent} sent.");
    }

    // Each reservation ends by its timer at this moment. Every second one is also ordered; the others are released. All are extended or moved by somebody.
    private IEnumerable<Task> EndsOf(Guid id, string sku, int number)
    {
        yield return number % 2 == 0
            ? Host.PublishAsync(new ReservationConsumed(id, "order " + id, [new StockLine(sku, 1)]))
            : Host.SendAsync(new ReleaseReservation(id));
        yield return Host.SendAsync(new RedirectReservation(id, Destinations[number % 3], Destinations[(number + 1) % 3]));
        if (number % 4 >= 2)
        {
            yield return Host.SendAsync(new ExtendReservation(id, Host.Time.GetUtcNow().AddMilliseconds(200)));
        }
    }

    private async Task<Guid?> ReserveAsync(string sku, int quantity, StockDestination destination)
    {
        var id = Guid.NewGuid();
        var answer = await Host.SendAsync(new ReserveStock(id, [new StockLine(sku, quantity)], Host.Time.GetUtcNow().AddMinutes(10), destination));
        return answer.IsReserved ? id : null;
    }

    private async Task<int> ConsumeAsync(Guid id, string sku, int quantity)
    {
        await Host.PublishAsync(new ReservationConsumed(id, "order " + id, [new StockLine(sku, quantity)]));
        await Inventory.WaitForAsync(id, ReservationStatus.Committed);
        return quantity;
    }

    private static async Task RepeatAsync(Func<int, Task> work, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            await work(round);
        }
    }

    private static async Task<bool> TryAsync<T>(Func<Task<T>> send)
    {
        try
        {
            await send();
            return true;
        }
        catch (ProblemException refused) when (refused.Type.Name == "insufficient-stock")
        {
            return false;
        }
    }
}
