using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using Npgsql;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Orders of the time before there were parcels.</summary>
public sealed class OldOrderTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task An_order_that_was_shipped_before_there_were_parcels_shows_one_from_its_snapshot_and_after_a_rebuild()
    {
        var order = await ShippedLongAgoAsync();

        var fromSnapshot = await ordering.GetOrderAsync(order);
        using (var daemon = await ordering.Store.BuildProjectionDaemonAsync())
        {
            await daemon.RebuildProjectionAsync<Order>(CancellationToken.None);
        }

        var rebuilt = await ordering.GetOrderAsync(order);
        var parcel = Assert.Single(rebuilt.Json.GetProperty("shipments").EnumerateArray());
        Assert.Equal((rebuilt.Text, rebuilt.ETag), (fromSnapshot.Text, fromSnapshot.ETag));
        Assert.Equal(("dispatched", 3_998), (parcel.GetProperty("status").GetString(), parcel.GetProperty("total").GetProperty("amount").GetInt64()));
        Assert.Equal(("shipped", "shipped"), (rebuilt["status"], rebuilt["fulfilmentStatus"]));
        await using var session = ordering.Store.QuerySession();
        Assert.Single((await session.LoadAsync<Order>(order))!.Parcels);
    }

    [Fact]
    public async Task It_is_changed_as_any_other_and_has_the_parcel_from_then_on()
    {
        var order = await ShippedLongAgoAsync();

        await ordering.PostKeyedAsync($"{OrderingHost.Orders}/{order}/notes", new { text = "An old one.", isForCustomer = false });

        var stored = await ScalarAsync("select jsonb_array_length(data -> 'parcels') from ordering.mt_doc_order where id = $1", order);
        Assert.Equal(1, stored);
    }

    private async Task<Guid> ShippedLongAgoAsync()
    {
        var id = Guid.CreateVersion7(ordering.Host.Time.GetUtcNow());
        var at = ordering.Host.Time.GetUtcNow().AddYears(-1);
        await using (var session = ordering.Store.LightweightSession())
        {
            var lines = new[] { new PricedLine(Guid.NewGuid(), "OLD", "An old thing", 2, new Money(1_999, "EUR"), true) };
            session.Events.StartStream<Order>(
                id, new Placed(Guid.NewGuid(), "basket-" + id, lines, new Money(3_998, "EUR"), "old@example.org", at), new Paid(at), new Confirmed(at), new Shipped(at));
            await session.SaveChangesAsync();
        }

        // The snapshot as it was stored then.
        Assert.Equal(1, await ScalarAsync("with old as (update ordering.mt_doc_order set data = data - 'parcels' where id = $1 returning 1) select count(*)::int from old", id));
        return id;
    }

    private async Task<object?> ScalarAsync(string sql, Guid id)
    {
        await using var source = NpgsqlDataSource.Create(ordering.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync();
    }
}
