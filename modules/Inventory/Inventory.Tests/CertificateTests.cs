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
public sealed class CertificateTests(CertificateTests.History history) : IClassFixture<CertificateTests.History>, IAsyncLifetime
{
    private InventoryHost Inventory => history.Inventory;

    private ModuleHost Host => history.Inventory.Host;

    public Task InitializeAsync() => history.RestoreAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_history_in_which_all_went_well_is_certified()
    {
        var certificate = await Inventory.CertifyAsync();

        var findings = certificate.Findings!;
        Assert.Empty(findings.Differences);
        Assert.Equal(CertificateStatus.Held, certificate.Status);
        Assert.Equal((3L, 1L, 38L), (findings.Items, findings.Ledgers, findings.Taken));
        Assert.Equal((long)(await Inventory.ScalarAsync("select count(*) from inventory.mt_events"))!, findings.Movements + findings.Entries);
        Assert.Equal((long)(await Inventory.ScalarAsync("select max(seq_id) from inventory.mt_events"))!, findings.UpTo);
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
    [InlineData("last movement", "delete from inventory.mt_events where stream_id = 'north/' || $1 and version = (select max(version) from inventory.mt_events where stream_id = 'north/' || $1)", "The item has seen")]
    [InlineData("reservation gone", "delete from inventory.mt_doc_reservation where data -> 'lines' -> 0 ->> 'sku' = $1 and data ->> 'reference' is not null", "more left for reservation")]
    [InlineData("reservation invented", """
        insert into inventory.mt_doc_reservation select copy.* from inventory.mt_doc_reservation as r
        cross join lateral jsonb_populate_record(r, jsonb_build_object('id', '00000000-0000-7000-8000-000000000001', 'data', r.data || '{"id": "00000000-0000-7000-8000-000000000001"}')) as copy
        where r.data -> 'lines' -> 0 ->> 'sku' = $1 and r.data ->> 'reference' is not null
        """, "fewer left for reservation")]
    [InlineData("consumed twice", """
        with again as (
            insert into inventory.mt_events select copy.* from inventory.mt_events as e
            cross join lateral jsonb_populate_record(e, jsonb_build_object('seq_id', nextval('inventory.mt_events_sequence'), 'id', gen_random_uuid(), 'version', e.version + 4, 'data', e.data || case e.version
                when 2 then '{"quantity": 2, "balance": {"onHand": 10, "reserved": 5}}'::jsonb else '{"quantity": 2, "balance": {"onHand": 8, "reserved": 3}}'::jsonb end)) as copy
            where e.stream_id = 'north/' || $1 and e.version in (2, 3)),
        item as (update inventory.mt_doc_stock_item set mt_version = 7, data = data || '{"onHand": 8, "version": 7}' where id = 'north/' || $1)
        update inventory.mt_streams set version = 7 where id = 'north/' || $1
        """, "2 more left for reservation")]
    [InlineData("below 0", """
        with lost as (
            insert into inventory.mt_events select copy.* from inventory.mt_events as e
            cross join lateral jsonb_populate_record(e, jsonb_build_object('seq_id', nextval('inventory.mt_events_sequence'), 'id', gen_random_uuid(), 'version', 5, 'type', 'stock_adjusted',
                'data', '{"delta": -3, "reason": "forged", "balance": {"onHand": -3, "reserved": 0}}'::jsonb)) as copy
            where e.stream_id = 'main/' || $1 and e.version = 1),
        item as (update inventory.mt_doc_stock_item set mt_version = 5, data = data || '{"onHand": -3, "version": 5}' where id = 'main/' || $1)
        update inventory.mt_streams set version = 5 where id = 'main/' || $1
        """, "left 0 of -3 reserved")]
    public async Task What_somebody_did_to_the_tables_is_found_with_its_place(string what, string sql, string problem)
    {
        await Inventory.ScalarAsync(sql, history.Sku);

        var certificate = await Inventory.CertifyAsync();

        Assert.Equal((what, CertificateStatus.Broken), (what, certificate.Status));
        Assert.Contains(certificate.Findings!.Differences, difference => difference.Sku == history.Sku && difference.Location.Length > 0 && difference.Problem.Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain(certificate.Findings.Differences, difference => difference.Sku == history.Scarce);
        Assert.Null((await Host.SendAsync(new GetLatestCertificate())).LastHeldAt);
    }

    [Theory]
    [InlineData("update inventory.mt_events set data = jsonb_set(data, '{balance,limit}', '2') where type = 'backorder_held' and stream_id = '$/' || $1", "the limit was 2")]
    [InlineData("update inventory.mt_doc_backorder set data = jsonb_set(data, '{quantity}', '9') where data ->> 'sku' = $1", "The back-orders wait for")]
    [InlineData("update inventory.mt_doc_sku_ledger set data = jsonb_set(data, '{waiting}', '0') where id = '$/' || $1", "the ledger says")]
    [InlineData("update inventory.mt_doc_backorder set data = jsonb_set(data, '{arrivals,0,quantity}', '1') where data ->> 'sku' = $1", "more left for reservation")]
    public async Task Back_orders_that_do_not_agree_are_found(string sql, string problem)
    {
        await Inventory.ScalarAsync(sql, history.Scarce);

        var certificate = await Inventory.CertifyAsync();

        Assert.Contains(certificate.Findings!.Differences, difference => difference.Sku == history.Scarce && difference.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_whose_item_is_gone_is_found()
    {
        await Inventory.ScalarAsync("delete from inventory.mt_doc_stock_item where id = 'north/' || $1", history.Sku);

        Assert.Contains((await Inventory.CertifyAsync()).Findings!.Differences, static difference => difference.Problem.Contains("An item or a ledger is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_asked_for_and_read_over_http()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Host.Client.GetAsync("/api/inventory/certificates/latest")).StatusCode);
        var accepted = await Host.Client.PostAsync("/api/inventory/certificates", null);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        var complete = await Eventually.Async(() => Host.Client.GetFromJsonAsync<JsonElement>(accepted.Headers.Location), static certificate => certificate.GetProperty("status").GetString() == "held");

        Assert.Equal(1, complete.GetProperty("attempts").GetInt32());
        Assert.Equal(64, complete.GetProperty("hash").GetString()!.Length);
        Assert.Equal(0, complete.GetProperty("findings").GetProperty("differenceCount").GetInt32());
        Assert.Equal(complete.GetProperty("id").GetGuid(), (await Host.Client.GetFromJsonAsync<JsonElement>("/api/inventory/certificates/latest")).GetProperty("id").GetGuid());
    }

    /// <summary>Stock that was declared, moved, sold, returned, promised and sold ahead. Each test finds the tables as it left them.</summary>
    public sealed class History : IAsyncLifetime
    {
        public InventoryHost Inventory { get; } = new();

        public string Sku { get; private set; } = string.Empty;

        public string Scarce { get; private set; } = string.Empty;

        public async Task InitializeAsync()
        {
            await Inventory.InitializeAsync();
            await Inventory.Host.SendAsync(new CreateLocation("north", "North", 5));
            (Sku, Scarce) = (await Inventory.StockedAsync(40), await Inventory.StockedAsync(1));
            await Inventory.Host.SendAsync(new TransferStock(Sku, "main", "north", 10));
            await Inventory.Host.SendAsync(new PutPolicy(Scarce, null, new StockPolicy(BackorderLimit: 5)));
            var (taken, ahead) = (Guid.NewGuid(), Guid.NewGuid());
            await Inventory.ReserveAsync(taken, (Sku, 35));
            await Inventory.ConsumeAsync(taken, (Sku, 35));
            await Inventory.ReserveAsync(ahead, (Scarce, 4));
            await Inventory.ConsumeAsync(ahead, (Scarce, 4));
            await Inventory.Host.SendAsync(new ReceiveStock(Scarce, 2));
            await Inventory.ReturnAsync(taken, (Sku, 5));
            await Inventory.ReserveAsync(Guid.NewGuid(), (Sku, 3), (Scarce, 1));
            await Inventory.ScalarAsync("""
                do $$
                declare name text;
                begin
                    create schema kept;
                    for name in select tablename from pg_tables where schemaname = 'inventory' and tablename like 'mt\_%' loop
                        execute format('create table kept.%1$I as table inventory.%1$I', name);
                    end loop;
                end
                $$
                """);
        }

        public Task DisposeAsync() => Inventory.DisposeAsync();

        public async Task RestoreAsync() => await Inventory.ScalarAsync("""
            do $$
            declare name text;
            begin
                execute (select 'truncate ' || string_agg(format('inventory.%I', tablename), ', ') from pg_tables where schemaname = 'kept');
                set local session_replication_role = replica;
                for name in select tablename from pg_tables where schemaname = 'kept' loop
                    execute format('insert into inventory.%1$I select * from kept.%1$I', name);
                end loop;
            end
            $$
            """);
    }
}

/// <summary>Certificates beside other work. Each test has a host of its own, because it sells, stops it or sets its clock forward.</summary>
public sealed class CertificateMakingTests : IAsyncLifetime
{
    private readonly InventoryHost _inventory = new();

    private ModuleHost Host => _inventory.Host;

    public Task InitializeAsync() => _inventory.InitializeAsync();

    public Task DisposeAsync() => _inventory.DisposeAsync();

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
            Assert.Empty((await _inventory.CertifyAsync()).Findings!.Differences);
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
        // A job that is registered after that has its next time a day later.
        await Eventually.Async(() => _inventory.ScalarAsync("select count(*) from inventory.log_job where name = 'certify-stock'"), static jobs => jobs is 1L);
        Host.Time.Advance(TimeSpan.FromDays(1));

        var latest = await Eventually.Async(async () => (await Host.SendAsync(new ListCertificates(10, null))).Items, static items => items.Any(static item => item.CompletedAt is not null));

        Assert.Equal("schedule", latest[0].RequestedBy);
    }
}
