using System.Diagnostics;
using System.Net;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Baskets.Lines;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Baskets.Tests;

/// <summary>What Ordering stands on.</summary>
[Collection(nameof(BasketsHost))]
public sealed class OrderingSeamTests(BasketsHost shop)
{
    [Fact]
    public async Task Another_module_sees_the_priced_lines()
    {
        var (tracked, free) = (shop.Sell(1999, stock: 2, variantTitle: "Small"), shop.Sell(1));
        var id = await shop.CreateAsync(new { sku = tracked.Sku, quantity = 2 }, new { sku = free.Sku });

        var basket = (await shop.Host.SendAsync(new GetBasket(id)))!;

        Assert.Equal(id, basket.Id);
        Assert.Equal(new Money(3999, "EUR"), basket.Total);
        Assert.Equal(
            new BasketLineDetails(tracked.VariantId, tracked.Sku, tracked.ProductTitle + " – Small", 2, tracked.Price, new Money(3998, "EUR"), null, TracksInventory: true),
            basket.Lines[0]);
        Assert.False(basket.Lines[1].TracksInventory);
    }

    [Fact]
    public async Task Another_module_sees_why_a_line_cannot_be_ordered_and_does_not_pay_for_it()
    {
        var (sold, unpublished, gone) = (shop.Sell(100), shop.Sell(), shop.Sell());
        var id = await shop.CreateAsync(new { sku = sold.Sku }, new { sku = unpublished.Sku }, new { sku = gone.Sku });
        shop.Put(unpublished with { IsPublished = false });
        shop.Remove(gone);

        var basket = (await shop.Host.SendAsync(new GetBasket(id)))!;

        Assert.Equal([false, true, true], basket.Lines.Select(line => line.Problem is not null));
        Assert.Equal([false, true, true], basket.Lines.Select(line => line.UnitPrice is null && line.LineTotal is null));
        Assert.Equal(new Money(100, "EUR"), basket.Total);
    }

    [Fact]
    public async Task Stock_is_left_to_the_reservation_of_whoever_orders()
    {
        var variant = shop.Sell(stock: 2);
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 2 });
        shop.Stock(variant, 0);

        Assert.Null((await shop.Host.SendAsync(new GetBasket(id)))!.Lines[0].Problem);
    }

    [Fact]
    public async Task An_empty_basket_has_a_total_without_a_currency_and_an_unknown_one_is_null()
    {
        Assert.Equal(Money.Zero("XXX"), (await shop.Host.SendAsync(new GetBasket(await shop.CreateAsync())))!.Total);
        Assert.Null(await shop.Host.SendAsync(new GetBasket(BasketId.Create())));
        Assert.Null(await shop.Host.SendAsync(new GetBasket("no basket id")));
    }

    [Fact]
    public async Task An_ordered_basket_is_closed_and_names_its_order()
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync(new { sku = variant.Sku });
        var orderId = Guid.NewGuid();

        await shop.Host.PublishAsync(new BasketOrdered(id, orderId));
        await Eventually.TrueAsync(async () => await shop.Host.SendAsync(new GetBasket(id)) is null);

        var problem = await shop.ShowAsync(id, HttpStatusCode.NotFound);
        Assert.Equal("/problems/basket-ordered", problem.GetProperty("type").GetString());
        Assert.Equal(orderId, problem.GetProperty("orderId").GetGuid());
        await shop.AddAsync(id, new { sku = variant.Sku }, HttpStatusCode.NotFound);
        await shop.ChangeAsync(id, variant.VariantId, 1, HttpStatusCode.NotFound);
        await shop.RemoveLineAsync(id, variant.VariantId, HttpStatusCode.NotFound);
        await shop.CallAsync(HttpMethod.Delete, "/" + id, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_repeated_or_unknown_event_changes_nothing()
    {
        var id = await shop.CreateAsync();
        var orderId = Guid.NewGuid();

        await shop.Host.PublishAsync(new BasketOrdered(BasketId.Create(), Guid.NewGuid()));
        await shop.Host.PublishAsync(new BasketOrdered(id, orderId));
        await shop.Host.PublishAsync(new BasketOrdered(id, Guid.NewGuid()));
        var last = await shop.CreateAsync();
        await shop.Host.PublishAsync(new BasketOrdered(last, Guid.NewGuid()));
        await Eventually.TrueAsync(async () => await shop.Host.SendAsync(new GetBasket(last)) is null);

        Assert.Equal(orderId, (await shop.ShowAsync(id, HttpStatusCode.NotFound)).GetProperty("orderId").GetGuid());
    }

    [Fact]
    public async Task A_request_costs_few_round_trips_to_the_database()
    {
        var variant = shop.Sell(stock: 5);
        var basket = await shop.Host.SendAsync(new CreateBasket([]));

        Assert.Equal(1, await RoundTripsAsync(() => shop.Host.SendAsync(new CreateBasket([]))));
        Assert.Equal(1, await RoundTripsAsync(() => shop.Host.SendAsync(new AddLine(basket.Id, new NewLine(variant.VariantId)))));
        Assert.Equal(1, await RoundTripsAsync(() => shop.Host.SendAsync(new ChangeLine(basket.Id, variant.VariantId, 2))));
        Assert.Equal(1, await RoundTripsAsync(() => shop.Host.SendAsync(new ShowBasket(basket.Id))));
        Assert.Equal(1, await RoundTripsAsync(() => shop.Host.SendAsync(new GetBasket(basket.Id))));
    }

    /// <summary>The database commands of one request, told from those of other tests by their trace.</summary>
    private static async Task<int> RoundTripsAsync(Func<Task> request)
    {
        using var source = new ActivitySource(nameof(OrderingSeamTests));
        var trips = 0;
        var trace = default(ActivityTraceId);
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == "Npgsql" || candidate == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace)
                {
                    Interlocked.Increment(ref trips);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (var root = source.StartActivity("request")!)
        {
            trace = root.TraceId;
            await request();
        }

        return trips;
    }
}
