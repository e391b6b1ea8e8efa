using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>A shop whose provider is the simulator, and whose host is killed and started again at the same address.</summary>
internal sealed class UnreliableShop : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(120);

    private readonly TestDatabase _database;
    private readonly HostSettings _settings;
    private HostProcess _host;
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private UnreliableShop(TestDatabase database, HostSettings settings, HostProcess host, Simulator simulator)
    {
        (_database, _settings, _host, Provider) = (database, settings, host, simulator);
        Callers = host.Callers;
        Store = new Storefront(Callers);
        Client = new Persistent(() => Volatile.Read(ref _up).Task);
        _up.SetResult();
    }

    public Simulator Provider { get; }

    public Callers Callers { get; }

    public Storefront Store { get; }

    public Persistent Client { get; }

    public static async Task<UnreliableShop> StartAsync()
    {
        var database = await (await TestServer.SharedAsync()).CreateDatabaseAsync();
        var simulator = await Simulator.StartAsync();
        var settings = HostSettings.On(database.ConnectionString)
            .With("ASPNETCORE_URLS", "http://127.0.0.1:" + FreePort.Find())
            .With("pricing__PricesIncludeTax", "false")
            .With("payments__Provider", "stripe")
            .With("payments__DeadlineSeconds", "2")
            .With("payments__Stripe__Address", simulator.Address.ToString())
            .With("payments__Stripe__SecretKey", Simulator.ApiKey)
            .With("payments__Stripe__WebhookSecret", Simulator.WebhookSecret);
        var host = await HostProcess.StartAsync(settings);
        await simulator.SendWebhooksToAsync(host.Address);
        var shop = new UnreliableShop(database, settings, host, simulator);
        await shop.Store.OpenAsync();
        return shop;
    }

    /// <summary>As kill -9 and a supervisor that starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        Interlocked.Exchange(ref _up, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _host.KillAsync();
        await _host.DisposeAsync();
        _host = await HostProcess.StartAsync(_settings);
        _up.SetResult();
    }

    /// <summary>Waits until nothing moves by itself any more: every event is handled, every payment has its outcome, every webhook has arrived.</summary>
    public async Task SettleAsync()
    {
        await Provider.ClearFaultsAsync();
        await Eventually.Async(
            async () => (await Provider.WebhooksAsync()).Pending == 0 && await IsQuietAsync() && await IsQuietAsync(),
            static isQuiet => isQuiet,
            Quiet);
    }

    /// <summary>Those that could not be handled; none of them may be there.</summary>
    public async Task<IReadOnlyList<string>> ParkedAsync() =>
    [
        .. (await SubscriptionsAsync()).Where(static item => (long)item!["parked"]! > 0 || (long)item["held"]! > 0).Select(static item => item!.ToJsonString()),
    ];

    public async ValueTask DisposeAsync()
    {
        Store.Dispose();
        await _host.DisposeAsync();
        await Provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<bool> IsQuietAsync()
    {
        if ((await SubscriptionsAsync()).Any(static item => (long)item!["behind"]! > 0 || (long)item["retrying"]! > 0))
        {
            return false;
        }

        var orders = await Store.OrdersAsync();
        return orders.All(static order => (string?)order["paymentStatus"] != "pending"
            && order["shipments"]!.AsArray().All(static shipment => (string?)shipment!["status"] != "packed")
            && order["refunds"]!.AsArray().All(static refund => (string?)refund!["status"] != "pending")
            && !((string?)order["status"] is "cancelled" or "rejected" && (string?)order["paymentStatus"] == "authorised"));
    }

    private async Task<System.Text.Json.Nodes.JsonArray> SubscriptionsAsync() => (await Store.Staff.GetAsync("/api/log/subscriptions")).Expect(200).Json.AsArray();
}
