using System.Diagnostics;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ModularMonolith.Bridge.Tests;

public sealed class BridgeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [RabbitMqFact]
    public async Task An_event_is_handled_once_in_the_other_process_with_its_producer_its_correlation_and_its_trace()
    {
        await using var pair = await Pair.StartAsync();
        using var listener = Listen();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        await pair.Seller.PublishAsync(new Sold("chair", 1));

        var effect = Assert.Single(await ReceivedAsync(pair.Buyer, 1));
        Assert.Equal(("chair", 1), (effect.Key, effect.Number));
        Assert.Equal("seller_trade", effect.Producer);
        Assert.Equal(request.TraceId.ToString(), effect.Trace);
        Assert.Equal(request.TraceId.ToString(), effect.Correlation);
        Assert.Equal(effect.MessageId, Assert.Single(await pair.Seller.EffectsAsync()).MessageId);
        Assert.Equal("healthy", (await pair.Buyer.HealthAsync()).Status);
    }

    [RabbitMqFact]
    public async Task Two_thousand_events_arrive_once_and_in_order_while_connections_are_cut_and_hosts_restart()
    {
        const int Keys = 20, EventsOfKey = 100;
        await using var pair = await Pair.StartAsync();
        var writing = WriteAsync(pair.Seller, Keys, EventsOfKey);

        await pair.ReachAsync(100);
        pair.SellersWay.Cut();
        await pair.ReachAsync(300);
        pair.BuyersWay.Cut();
        await writing;
        await pair.ReachAsync(600);
        await pair.Seller.StopAsync();
        await pair.Seller.StartAsync();
        pair.BuyersWay.Cut();
        await pair.ReachAsync(1_000);
        await pair.Buyer.StopAsync();
        pair.SellersWay.Cut();
        await pair.Buyer.StartAsync();
        await pair.ReachAsync(1_500);
        pair.SellersWay.Cut();
        pair.BuyersWay.Cut();

        var effects = await ReceivedAsync(pair.Buyer, Keys * EventsOfKey);
        Assert.Equal(Keys * EventsOfKey, effects.DistinctBy(static effect => effect.MessageId).Count());
        Assert.Equal(Keys, effects.Select(static effect => effect.Key).Distinct().Count());
        Assert.All(effects.GroupBy(static effect => effect.Key), static ofKey => Assert.Equal(Enumerable.Range(1, EventsOfKey), ofKey.Select(static effect => effect.Number)));
    }

    [RabbitMqFact]
    public async Task A_crash_between_the_commit_of_an_import_and_its_acknowledgement_doubles_nothing()
    {
        await using var pair = await Pair.StartAsync();
        pair.BuyersWay.AcksToCut = 3;

        for (var number = 1; number <= 5; number++)
        {
            await pair.Seller.PublishAsync(new Sold("chair", number));
            await ReceivedAsync(pair.Buyer, number);
        }

        await Eventually.TrueAsync(() => Task.FromResult(pair.BuyersWay.AcksToCut == 0));
        await Eventually.Async(pair.WaitingAsync, static waiting => waiting == 0);
        await pair.Seller.PublishAsync(new Sold("chair", 6));
        Assert.Equal(Enumerable.Range(1, 6), (await ReceivedAsync(pair.Buyer, 6)).Select(static effect => effect.Number));
    }

    [RabbitMqFact]
    public async Task Business_goes_on_while_the_broker_is_down_and_the_export_catches_up()
    {
        await using var pair = await Pair.StartAsync();
        pair.SellersWay.GoDown();
        await Eventually.Async(pair.Seller.HealthAsync, static health => health.Status == "degraded");

        for (var number = 1; number <= 20; number++)
        {
            await pair.Seller.PublishAsync(new Sold("chair", number));
        }

        await Eventually.Async(() => pair.Seller.EffectsAsync(), static effects => effects.Count == 20);
        Assert.Contains("broker", (await pair.Seller.HealthAsync()).Data, StringComparison.Ordinal);
        Assert.Empty(await pair.Buyer.EffectsAsync());

        pair.SellersWay.ComeUp();
        Assert.Equal(Enumerable.Range(1, 20), (await ReceivedAsync(pair.Buyer, 20)).Select(static effect => effect.Number));
        await Eventually.Async(pair.Seller.HealthAsync, static health => health.Status == "healthy");
        Assert.Equal(0, await pair.Seller.CountAsync("select count(*) from bridge.log_dead_letter"));
    }

    [RabbitMqFact]
    public async Task An_event_that_no_queue_takes_waits_until_one_does()
    {
        var channel = Guid.NewGuid().ToString("N");
        var server = await RabbitServer.SharedAsync();
        await using var seller = await Side.StartAsync("seller", RabbitServer.AddressAt(server.Port), channel, exports: "trade.sold");
        await seller.PublishAsync(new Sold("chair", 1), new Sold("table", 1));
        await Eventually.Async(seller.HealthAsync, static health => health.Data.Contains("No queue takes", StringComparison.Ordinal));

        await using var buyer = await Side.StartAsync("buyer", RabbitServer.AddressAt(server.Port), channel, imports: "trade.sold");
        Assert.Equal(2, (await ReceivedAsync(buyer, 2)).Count);
    }

    [RabbitMqFact]
    public async Task Messages_that_are_no_events_are_kept_aside_and_those_behind_them_go_on()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SendAsync("not json", Guid.NewGuid().ToString());
        await pair.SendAsync("""{"article": "chair", "number": 1}""", "no uuid");
        await pair.SendAsync("""{"article": "a\u0000b", "number": 1}""", Guid.NewGuid().ToString());
        await pair.SendAsync("""{"article": "chair", "number": 1}""", Guid.NewGuid().ToString(), name: new string('x', 250));
        await pair.SendAsync("""{"article": "chair", "number": 1}""", Guid.NewGuid().ToString(), name: "other.event");
        await pair.SendAsync("""{"article": "chair", "number": 1}""", Guid.NewGuid().ToString());

        Assert.Equal("chair", Assert.Single(await ReceivedAsync(pair.Buyer, 1)).Key);
        Assert.Equal(5, await pair.Buyer.CountAsync("select count(*) from bridge.refused"));
        Assert.Equal(0u, await pair.WaitingAsync());
        var (status, data) = await pair.Buyer.HealthAsync();
        Assert.Equal("degraded", status);
        Assert.Contains("5 messages", data, StringComparison.Ordinal);
    }

    [RabbitMqFact]
    public async Task Two_sides_that_send_and_take_the_same_events_send_none_back()
    {
        await using var pair = await Pair.StartAsync(sellerExports: "trade.*", sellerImports: "trade.*", buyerExports: "trade.*", buyerImports: "trade.*");
        // As in long-lived logs, an event has another position on each side.
        await pair.Buyer.CountAsync("select setval('integration.message_position', 1000)");

        await pair.Seller.PublishAsync(new Sold("chair", 1));
        await ReceivedAsync(pair.Buyer, 1);
        await pair.Buyer.PublishAsync(new Paid("chair", 1));
        await Eventually.Async(() => pair.Seller.EffectsAsync("trade.paid"), static effects => effects.Count == 1);

        // What comes last has everything that could be sent back before it.
        await pair.Seller.PublishAsync(new Sold("chair", 2));
        await ReceivedAsync(pair.Buyer, 2);
        await pair.Buyer.PublishAsync(new Paid("chair", 2));
        await Eventually.Async(() => pair.Seller.EffectsAsync("trade.paid"), static effects => effects.Count == 2);
        foreach (var side in new[] { pair.Seller, pair.Buyer })
        {
            Assert.Equal(4, await side.CountAsync("select count(*) from integration.message"));
            Assert.Equal(2, await side.CountAsync("select count(*) from integration.message where imported"));
            Assert.Equal(0, await side.CountAsync("select count(*) from bridge.refused"));
        }

        Assert.Equal(2, (await pair.Buyer.EffectsAsync("trade.paid")).Count);
        Assert.Equal(2, (await pair.Seller.EffectsAsync()).Count);
    }

    [RabbitMqFact]
    public async Task A_remote_side_cannot_speak_for_a_module_of_this_database()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SendAsync("""{"article": "chair", "number": 1}""", Guid.NewGuid().ToString(), producer: "buyer_trade");
        await pair.SendAsync("""{"article": "table", "number": 1}""", Guid.NewGuid().ToString());

        Assert.Equal("table", Assert.Single(await ReceivedAsync(pair.Buyer, 1)).Key);
        Assert.Equal(1, await pair.Buyer.CountAsync("select count(*) from bridge.refused where reason like '%buyer_trade%'"));
    }

    [RabbitMqFact]
    public async Task Only_the_bridge_may_write_for_others()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var (role, may) in new[] { ("buyer_trade", false), ("buyer_bridge", true) })
        {
            await using var command = pair.Buyer.Source.CreateCommand(
                "select has_function_privilege($1, 'integration.import_message(uuid, text, text, integer, text, jsonb, jsonb, timestamptz)', 'execute')");
            command.Parameters.Add(new NpgsqlParameter { Value = role });
            Assert.Equal(may, await command.ExecuteScalarAsync());
        }

        Assert.Equal(0, await pair.Buyer.CountAsync(
            "select count(*) from pg_roles where rolname in ('buyer_trade', 'buyer_bridge') and (has_column_privilege(rolname, 'integration.message', 'producer', 'insert') or has_column_privilege(rolname, 'integration.message', 'imported', 'insert'))"));
    }

    [RabbitMqFact]
    public async Task Databases_whose_modules_share_a_login_are_bridged_too()
    {
        await using var pair = await Pair.StartAsync(sellerExports: "trade.*", sellerImports: "trade.*", buyerExports: "trade.*", isShared: true);
        await pair.Seller.PublishAsync(new Sold("chair", 1));
        await pair.Buyer.PublishAsync(new Paid("chair", 1));

        Assert.Single(await ReceivedAsync(pair.Buyer, 1));
        Assert.Single(await Eventually.Async(() => pair.Seller.EffectsAsync("trade.paid"), static effects => effects.Count > 0));
    }

    [RabbitMqFact]
    public async Task Ids_of_imported_events_are_forgotten_after_the_days_that_are_configured()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Seller.PublishAsync(new Sold("chair", 1));
        await ReceivedAsync(pair.Buyer, 1);
        await using (var old = pair.Buyer.Source.CreateCommand("insert into bridge.imported values (gen_random_uuid(), now() - interval '31 days'), (gen_random_uuid(), now() - interval '29 days')"))
        {
            await old.ExecuteNonQueryAsync();
        }

        await pair.Buyer.SendAsync(new ForgetImported());

        Assert.Equal(2, await pair.Buyer.CountAsync("select count(*) from bridge.imported where imported_at > now() - interval '30 days'"));
        Assert.Equal(2, await pair.Buyer.CountAsync("select count(*) from bridge.imported"));
    }

    [RabbitMqFact]
    public async Task A_name_that_is_no_longer_imported_comes_no_more()
    {
        await using var pair = await Pair.StartAsync(sellerExports: "trade.*", buyerImports: "trade.*");
        await pair.Seller.PublishAsync(new Sold("chair", 1));
        await ReceivedAsync(pair.Buyer, 1);
        await pair.Buyer.StopAsync();
        pair.Buyer.Set("bridge:Import", "trade.sold");
        await pair.Buyer.StartAsync();
        await Eventually.Async(() => pair.Buyer.CountAsync("select count(*) from bridge.binding where pattern = 'trade.sold'"), static count => count == 1);

        await pair.SendAsync("""{"article": "chair", "number": 1}""", Guid.NewGuid().ToString(), name: "trade.paid");
        await pair.Seller.PublishAsync(new Sold("chair", 2));

        await ReceivedAsync(pair.Buyer, 2);
        Assert.Equal(0, await pair.Buyer.CountAsync("select count(*) from bridge.refused"));
    }

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("ModularMonolith", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task WriteAsync(Side side, int keys, int eventsOfKey)
    {
        for (var number = 1; number <= eventsOfKey; number += 10)
        {
            var numbers = Enumerable.Range(number, 10);
            await side.PublishAsync([.. numbers.SelectMany(each => Enumerable.Range(0, keys).Select(key => (IIntegrationEvent)new Sold("article " + key, each)))]);
        }
    }

    private static Task<List<Effect>> ReceivedAsync(Side side, int count) => Eventually.Async(() => side.EffectsAsync(), effects => effects.Count >= count, Long);
}

/// <summary>Tests that stop the broker for all; they run after the others.</summary>
[CollectionDefinition(nameof(BrokerRestartTests), DisableParallelization = true)]
[Collection(nameof(BrokerRestartTests))]
public sealed class BrokerRestartTests
{
    [RabbitMqFact]
    public async Task The_queue_is_kept_by_quorum_and_survives_a_restart_of_the_broker_with_what_is_in_it()
    {
        await using var pair = await Pair.StartAsync();
        await pair.Buyer.StopAsync();
        await pair.Seller.PublishAsync([.. Enumerable.Range(1, 20).Select(static number => (IIntegrationEvent)new Sold("chair", number))]);
        await Eventually.Async(pair.WaitingAsync, static waiting => waiting == 20);

        await (await RabbitServer.SharedAsync()).RestartAsync();

        Assert.Equal(20u, await Eventually.Async(pair.WaitingAsync, static waiting => waiting == 20));
        var other = await Assert.ThrowsAsync<OperationInterruptedException>(() => pair.DeclareAsync("classic"));
        Assert.Equal(Constants.PreconditionFailed, other.ShutdownReason!.ReplyCode);
        await pair.Buyer.StartAsync();
        var effects = await Eventually.Async(() => pair.Buyer.EffectsAsync(), static effects => effects.Count >= 20);
        Assert.Equal(Enumerable.Range(1, 20), effects.Select(static effect => effect.Number));
    }
}
