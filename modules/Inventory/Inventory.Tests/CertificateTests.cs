using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Inventory.Certificates;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>The certificate on a history with everything in it, and on the same history after somebody has been at the tables.</summary>
public sealed class CertificateTests : IAsyncLifetime
{
    private readonly InventoryHost _inventory = new();
    private string _sku = string.Empty;
    private string _scarce = string.Empty;
    private Guid _taken;
    private Guid _ahead;
    private Guid _held;

    private ModuleHost Host => _inventory.Host;

    public async Task InitializeAsync()
    {
        await _inventory.InitializeAsync();
        await Host.SendAsync(new CreateLocation("north", "North", 5));
        (_sku, _scarce) = (await _inventory.StockedAsync(40), await _inventory.StockedAsync(1));
        await Host.SendAsync(new TransferStock(_sku, "main", "north", 10));
        await Host.SendAsync(new PutPolicy(_scarce, null, new StockPolicy(BackorderLimit: 5)));
        (_taken, _ahead, _held) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _inventory.ReserveAsync(_taken, (_sku, 35));
        await _inventory.ConsumeAsync(_taken, (_sku, 35));
        await _inventory.ReserveAsync(_ahead, (_scarce, 4));
        await _inventory.ConsumeAsync(_ahead, (_scarce, 4));
        await Host.SendAsync(new ReceiveStock(_scarce, 2));
        await _inventory.ReturnAsync(_taken, (_sku, 5));
        await _inventory.ReserveAsync(_held, (_sku, 3), (_scarce, 1));
    }

    public Task DisposeAsync() => _inventory.DisposeAsync();

    [Fact]
    public async Task A_history_in_which_all_went_well_is_certified()
    {
        var certificate = await CertifyAsync();

        var findings = certificate.Findings!;
        Assert.Empty(findings.Differences);
        Assert.Equal(CertificateStatus.Held, certificate.Status);
        Assert.Equal((3L, 1L, 38L), (findings.Items, findings.Ledgers, findings.Taken));
        Assert.Equal((long)(await _inventory.ScalarAsync("select count(*) from inventory.mt_events"))!, findings.Movements + findings.Entries);
        Assert.Equal((long)(await _inventory.ScalarAsync("select max(seq_id) from inventory.mt_events"))!, findings.UpTo);
        Assert.Equal(findings.Hash(), certificate.Hash);
        Assert.Equal(certificate.StartedAt, (await Host.SendAsync(new GetLatestCertificate())).LastHeldAt);
    }

    [Theory]
    [InlineData("movement", "update inventory.mt_events set data = jsonb_set(data, '{quantity}', '34') where type = 'reservation_committed' and stream_id = 'main/' || $1 or type = 'reservation_committed' and stream_id = 'north/' || $1", "Movement 4 left")]
    [InlineData("balance", "update inventory.mt_events set data = jsonb_set(data, '{balance,onHand}', '99') where type = 'stock_declared' and stream_id = 'main/' || $1", "Movement 1 says")]
    [InlineData("oversold", "update inventory.mt_events set data = jsonb_set(data, '{quantity}', '2') where type = 'stock_declared' and stream_id = 'main/' || $1", "Movement")]
    [InlineData("removed", "delete from inventory.mt_events where type = 'transferred_out' and stream_id = 'main/' || $1", "Movement 2 is missing")]
    [InlineData("item", "update inventory.mt_doc_stock_item set data = jsonb_set(data, '{onHand}', '4000') where id = 'main/' || $1", "the item says 4000")]
    [InlineData("hold", "update inventory.mt_doc_reservation set data = jsonb_set(data, '{lines,0,quantity}', '1') where data -> 'lines' -> 0 ->> 'sku' = $1 and data ->> 'reference' is null", "whose line says 1")]
    [InlineData("order", "update inventory.mt_doc_reservation set data = jsonb_set(data, '{lines,0,quantity}', '1') where data -> 'lines' -> 0 ->> 'sku' = $1 and data ->> 'reference' is not null", "more left for reservation")]
    public async Task What_somebody_did_to_the_tables_is_found_with_its_place(string what, string sql, string problem)
    {
        await _inventory.ScalarAsync(sql, _sku);

        var certificate = await CertifyAsync();

        Assert.Equal((what, CertificateStatus.Broken), (what, certificate.Status));
        Assert.Contains(certificate.Findings!.Differences, difference => difference.Sku == _sku && difference.Location.Length > 0 && difference.Problem.Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(certificate.Findings.Differences, difference => difference.Sku == _scarce);
        Assert.Null((await Host.SendAsync(new GetLatestCertificate())).LastHeldAt);
    }

    [Theory]
    [InlineData("update inventory.mt_events set data = jsonb_set(data, '{balance,limit}', '2') where type = 'backorder_held' and stream_id = '$/' || $1", "the limit was 2")]
    [InlineData("update inventory.mt_doc_backorder set data = jsonb_set(data, '{quantity}', '9') where data ->> 'sku' = $1", "The back-orders wait for")]
    [InlineData("update inventory.mt_doc_sku_ledger set data = jsonb_set(data, '{waiting}', '0') where id = '$/' || $1", "the ledger says")]
    [InlineData("update inventory.mt_doc_backorder set data = jsonb_set(data, '{arrivals,0,quantity}', '1') where data ->> 'sku' = $1", "more left for reservation")]
    public async Task Back_orders_that_do_not_agree_are_found(string sql, string problem)
    {
        await _inventory.ScalarAsync(sql, _scarce);

        var certificate = await CertifyAsync();

        Assert.Contains(certificate.Findings!.Differences, difference => difference.Sku == _scarce && difference.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_whose_item_is_gone_is_found()
    {
        await _inventory.ScalarAsync("delete from inventory.mt_doc_stock_item where id = 'north/' || $1", _sku);

        Assert.Contains((await CertifyAsync()).Findings!.Differences, static difference => difference.Problem.Contains("An item or a ledger is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sales_that_go_on_meanwhile_do_not_look_like_differences()
    {
        var sku = await _inventory.StockedAsync(2_000);
        using var stop = new CancellationTokenSource();
        var selling = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var id = Guid.NewGuid();
                await _inventory.ReserveAsync(id, (sku, 1));
                await Host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, 1)]));
            }
        }));

        for (var round = 0; round < 5; round++)
        {
            Assert.Empty((await CertifyAsync()).Findings!.Differences);
        }

        await stop.CancelAsync();
        await selling;
    }

    [Fact]
    public async Task One_is_made_at_a_time_and_a_host_that_starts_goes_on_with_it()
    {
        await Host.StopAsync();
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Host.SendAsync(new RequestCertificate("auditor"))));
        Assert.Single(asked.Select(static certificate => certificate.Id).Distinct());

        await using var another = await Host.StartAnotherAsync();

        await Eventually.Async(() => another.SendAsync(new GetCertificate(asked[0].Id)), static certificate => certificate.Status == CertificateStatus.Held);
        Assert.NotEqual(asked[0].Id, (await another.SendAsync(new RequestCertificate("auditor"))).Id);
    }

    [Fact]
    public async Task The_nightly_one_is_made_by_itself()
    {
        Host.Time.Advance(TimeSpan.FromDays(1));

        var latest = await Eventually.Async(async () => (await Host.SendAsync(new ListCertificates(10, null))).Items, static items => items.Any(static item => item.CompletedAt is not null));

        Assert.Equal("schedule", latest[0].RequestedBy);
    }

    [Fact]
    public async Task It_is_asked_for_and_read_over_http()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Host.Client.GetAsync("/api/inventory/certificates/latest")).StatusCode);
        var accepted = await Host.Client.PostAsync("/api/inventory/certificates", null);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        var complete = await Eventually.Async(() => Host.Client.GetFromJsonAsync<JsonElement>(accepted.Headers.Location), static certificate => certificate.GetProperty("status").GetString() == "held");

        Assert.Equal(64, complete.GetProperty("hash").GetString()!.Length);
        Assert.Equal(0, complete.GetProperty("findings").GetProperty("differenceCount").GetInt32());
        Assert.Equal(complete.GetProperty("id").GetGuid(), (await Host.Client.GetFromJsonAsync<JsonElement>("/api/inventory/certificates/latest")).GetProperty("id").GetGuid());
    }

    private async Task<CertificateView> CertifyAsync()
    {
        var asked = await Host.SendAsync(new RequestCertificate("auditor"));
        return await Eventually.Async(() => Host.SendAsync(new GetCertificate(asked.Id)), static certificate => certificate.Status != CertificateStatus.Requested);
    }
}
