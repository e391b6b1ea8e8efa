using System.Text;
using ModularMonolith.Platform.Testing;
using RabbitMQ.Client;

namespace ModularMonolith.Bridge.Tests;

/// <summary>Two sides with a database each, and an exchange and queues of their own at the broker of all tests.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly RabbitServer _server;
    private readonly string _channel;

    private Pair(RabbitServer server, string channel, BrokerProxy sellersWay, BrokerProxy buyersWay, Side seller, Side buyer)
    {
        _server = server;
        _channel = channel;
        SellersWay = sellersWay;
        BuyersWay = buyersWay;
        Seller = seller;
        Buyer = buyer;
    }

    public BrokerProxy SellersWay { get; }

    public BrokerProxy BuyersWay { get; }

    public Side Seller { get; }

    public Side Buyer { get; }

    private string Exchange => "events " + _channel;

    private string BuyersQueue => "buyer " + _channel;

    public static async Task<Pair> StartAsync(string? sellerExports = "trade.sold", string? sellerImports = null, string? buyerExports = null, string? buyerImports = "trade.*", bool isShared = false)
    {
        var server = await RabbitServer.SharedAsync();
        var channel = Guid.NewGuid().ToString("N");
        var sellersWay = new BrokerProxy(server.Port);
        var buyersWay = new BrokerProxy(server.Port);
        var buyer = await Side.StartAsync("buyer", buyersWay.Address, channel, buyerExports, buyerImports, isShared);
        var seller = await Side.StartAsync("seller", sellersWay.Address, channel, sellerExports, sellerImports, isShared);
        var pair = new Pair(server, channel, sellersWay, buyersWay, seller, buyer);
        await Eventually.Async(buyer.HealthAsync, static health => health.Status == "healthy", TimeSpan.FromSeconds(60));
        await Eventually.Async(seller.HealthAsync, static health => health.Status == "healthy", TimeSpan.FromSeconds(60));
        return pair;
    }

    /// <summary>Waits until so many events have had their effect at the buyer.</summary>
    public Task ReachAsync(long count) => Eventually.Async(() => Buyer.CountAsync("select count(*) from trade.effect"), have => have >= count, TimeSpan.FromSeconds(60));

    /// <summary>How many messages wait in the buyer's queue.</summary>
    public async Task<uint> WaitingAsync()
    {
        await using var connection = await _server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(BuyersQueue)).MessageCount;
    }

    /// <summary>Declares the buyer's queue as one of another type.</summary>
    public async Task DeclareAsync(string type)
    {
        await using var connection = await _server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(BuyersQueue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = type, ["x-single-active-consumer"] = true, ["x-delivery-limit"] = int.MaxValue });
    }

    /// <summary>Sends a message as some other program would, with or without the right name.</summary>
    public async Task SendAsync(string body, string messageId, string name = "trade.sold", string producer = "stranger")
    {
        await using var connection = await _server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var properties = new BasicProperties { MessageId = messageId, Type = name, Headers = new Dictionary<string, object?> { ["key"] = "chair", ["producer"] = producer } };
        await channel.BasicPublishAsync(Exchange, name == "trade.paid" ? name : "trade.sold", mandatory: false, properties, Encoding.UTF8.GetBytes(body));
    }

    public async ValueTask DisposeAsync()
    {
        await Seller.DisposeAsync();
        await Buyer.DisposeAsync();
        await SellersWay.DisposeAsync();
        await BuyersWay.DisposeAsync();
        await using var connection = await _server.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(BuyersQueue);
        await channel.QueueDeleteAsync("seller " + _channel);
        await channel.ExchangeDeleteAsync(Exchange);
    }
}
