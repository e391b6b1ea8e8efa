using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

public sealed class RaceTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task Overlapping_reservations_in_any_order_neither_block_each_other_nor_oversell()
    {
        var skus = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => inventory.StockedAsync(40)));

        var taken = await Task.WhenAll(Enumerable.Range(0, 32).Select(async task =>
        {
            var random = new Random(task);
            var sum = new int[skus.Length];
            for (var round = 0; round < 6; round++)
            {
                var lines = Enumerable.Range(0, skus.Length).OrderBy(_ => random.Next()).Take(3).Select(index => (Index: index, Quantity: random.Next(1, 4))).ToArray();
                var id = Guid.NewGuid();
                var answer = await inventory.ReserveAsync(id, [.. lines.Select(line => (skus[line.Index], line.Quantity))]);
                if (answer.IsReserved && random.Next(3) == 0)
                {
                    Assert.True(await _host.SendAsync(new ReleaseReservation(id)));
                }
                else if (answer.IsReserved)
                {
                    Array.ForEach(lines, line => sum[line.Index] += line.Quantity);
                }
            }

            return sum;
        }));

        for (var index = 0; index < skus.Length; index++)
        {
            var reserved = taken.Sum(sum => sum[index]);
            Assert.InRange(reserved, 1, 40);
            Assert.Equal((40, reserved, 40 - reserved), await inventory.LevelAsync(skus[index]));
        }
    }

    [Fact]
    public async Task Every_unit_is_sold_once_when_buyers_receipts_transfers_and_expiring_reservations_meet()
    {
        await CreateAsync("race-north", 5);
        var sku = await inventory.StockedAsync(20);
        var ending = Enumerable.Range(0, 6).Select(static _ => Guid.NewGuid()).ToList();
        await Task.WhenAll(ending.Select(id => inventory.ReserveAsync(id, (sku, 2))));
        _host.Time.Advance(TimeSpan.FromMinutes(11));

        var work = Enumerable.Range(0, 24).Select(async task =>
        {
            switch (task % 4)
            {
                case 0:
                    await _host.SendAsync(new ReceiveStock(sku, 2, task % 8 == 0 ? "main" : "race-north"));
                    return 2;
                case 1:
                    await Refusable(() => _host.SendAsync(new TransferStock(sku, "main", "race-north", 3)));
                    return 0;
                case 2:
                    await _host.SendAsync(new ExpireReservation(ending[task / 4]));
                    return 0;
                default:
                    var id = Guid.NewGuid();
                    var answer = await inventory.ReserveAsync(id, (sku, 3));
                    if (answer.IsReserved)
                    {
                        await _host.PublishAsync(new ReservationConsumed(id, "race", [new StockLine(sku, 3)]));
                        await inventory.WaitForAsync(id, ReservationStatus.Committed);
                    }

                    return answer.IsReserved ? -3 : 0;
            }
        });
        var change = (await Task.WhenAll(work)).Sum();

        Assert.Equal((20 + change, 0, 20 + change), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task The_first_receipts_of_a_new_sku_at_once_all_count()
    {
        var sku = InventoryHost.NewSku();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _host.SendAsync(new ReceiveStock(sku, 1))));

        Assert.Equal((16, 0, 16), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_line_is_taken_from_the_first_location_that_can_fill_it_else_from_several_in_order()
    {
        await CreateAsync("west", 10);
        await CreateAsync("east", -10);
        var sku = InventoryHost.NewSku();
        await _host.SendAsync(new ReceiveStock(sku, 3, "west"));
        await _host.SendAsync(new ReceiveStock(sku, 5, "main"));
        await _host.SendAsync(new ReceiveStock(sku, 2, "east"));

        Assert.Equal([("main", 4)], await PlacesAsync(sku, 4));
        Assert.Equal([("east", 2), ("main", 2), ("west", 1)], await PlacesAsync(sku, 5));
        Assert.Equal(new ShortLine(sku, 3, 2), Assert.Single((await inventory.ReserveAsync(Guid.NewGuid(), (sku, 3))).Short));
    }

    [Fact]
    public async Task Random_commands_agree_with_a_simple_model()
    {
        await CreateAsync("model-north", 7);
        foreach (var seed in Enumerable.Range(1, 3))
        {
            var random = new Random(seed);
            var skus = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => inventory.StockedAsync(random.Next(0, 12))));
            var model = new Dictionary<string, (int OnHand, int Reserved)>();
            foreach (var sku in skus)
            {
                model[sku] = ((await inventory.LevelAsync(sku)).OnHand, 0);
            }

            var open = new List<(Guid Id, string Sku, int Quantity)>();
            for (var step = 0; step < 60; step++)
            {
                await StepAsync(random, skus[random.Next(skus.Length)], model, open);
                foreach (var sku in skus)
                {
                    var (onHand, reserved) = model[sku];
                    Assert.Equal((onHand, reserved, onHand - reserved), await inventory.LevelAsync(sku));
                }
            }
        }
    }

    private async Task StepAsync(Random random, string sku, Dictionary<string, (int OnHand, int Reserved)> model, List<(Guid Id, string Sku, int Quantity)> open)
    {
        var (onHand, reserved) = model[sku];
        var quantity = random.Next(1, 6);
        switch (random.Next(7))
        {
            case 0:
                await _host.SendAsync(new ReceiveStock(sku, quantity, random.Next(2) == 0 ? "main" : "model-north"));
                model[sku] = (onHand + quantity, reserved);
                break;
            case 1:
                if (await Refusable(() => _host.SendAsync(new AdjustStock(sku, -quantity, "lost"))))
                {
                    model[sku] = (onHand - quantity, reserved);
                }

                break;
            case 2:
                await Refusable(() => _host.SendAsync(new TransferStock(sku, "main", "model-north", quantity)));
                break;
            case 3 or 4:
                var id = Guid.NewGuid();
                Assert.Equal(onHand - reserved >= quantity, (await inventory.ReserveAsync(id, (sku, quantity))).IsReserved);
                if (onHand - reserved >= quantity)
                {
                    model[sku] = (onHand, reserved + quantity);
                    open.Add((id, sku, quantity));
                }

                break;
            default:
                if (open.Count > 0)
                {
                    await EndAsync(random, open[random.Next(open.Count)], model, open);
                }

                break;
        }
    }

    private async Task EndAsync(Random random, (Guid Id, string Sku, int Quantity) reservation, Dictionary<string, (int OnHand, int Reserved)> model, List<(Guid Id, string Sku, int Quantity)> open)
    {
        var (onHand, reserved) = model[reservation.Sku];
        open.Remove(reservation);
        if (random.Next(2) == 0)
        {
            Assert.True(await _host.SendAsync(new ReleaseReservation(reservation.Id)));
            model[reservation.Sku] = (onHand, reserved - reservation.Quantity);
        }
        else
        {
            await _host.PublishAsync(new ReservationConsumed(reservation.Id, "order", [new StockLine(reservation.Sku, reservation.Quantity)]));
            await inventory.WaitForAsync(reservation.Id, ReservationStatus.Committed);
            model[reservation.Sku] = (onHand - reservation.Quantity, reserved - reservation.Quantity);
        }
    }

    private async Task<IEnumerable<(string Location, int Quantity)>> PlacesAsync(string sku, int quantity)
    {
        var id = Guid.NewGuid();
        Assert.True((await inventory.ReserveAsync(id, (sku, quantity))).IsReserved);
        var lines = (await inventory.ReservationAsync(id))!.Lines;
        if (lines.Count == 1)
        {
            await _host.SendAsync(new ReleaseReservation(id));
            await _host.SendAsync(new AdjustStock(sku, -3, "sold"));
        }

        return lines.Select(line => (line.Location, line.Quantity));
    }

    private Task<LocationView> CreateAsync(string code, int priority) => _host.SendAsync(new CreateLocation(code, code, priority));

    private static async Task<bool> Refusable<T>(Func<Task<T>> send)
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
