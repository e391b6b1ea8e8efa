using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ModularMonolith.EndToEnd.Tests.Tours;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>A shop whose every list is long.</summary>
public sealed class FullShop : IAsyncLifetime
{
    public const int Rows = 3_000;

    public const string OneSku = "COST-1";

    /// <summary>What few rows refer to.</summary>
    public const string RareId = "0199c000-0000-7000-8000-00000000cafe";

    // In the order of n, and older than what is made by the tests.
    private const string NewId = "('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private TestServer? _server;
    private TestDatabase? _database;
    private NpgsqlDataSource? _source;
    private HostProcess? _process;
    private string _log = string.Empty;
    private long _read;

    internal Api Api { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartOwnAsync(new Dictionary<string, string>
        {
            ["session_preload_libraries"] = "auto_explain",
            ["auto_explain.log_analyze"] = "on",
            ["auto_explain.log_timing"] = "off",
            ["auto_explain.log_format"] = "json",
            ["logging_collector"] = "on",
            ["log_destination"] = "csvlog",
            ["log_directory"] = "plans",
            ["log_filename"] = "plans",
            ["log_rotation_size"] = "0",
            ["log_file_mode"] = "0644",
            // The shop is analysed once it is full; other statistics in the middle of the tests would make other plans.
            ["autovacuum"] = "off",
        });
        _database = await _server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _process = await HostProcess.StartAsync(HostSettings.On(_database.ConnectionString));
        Api = _process.Callers.Admin();
        _log = Directory.EnumerateFiles(_server.Server.DataFolder, "plans*.csv", SearchOption.AllDirectories).Single();
        await FillAsync(new Shop(Api));
        foreach (var name in new[] { "promotion", "batch", "list", "group" })
        {
            _names["{" + name + "}"] = await NameAsync(name);
        }

        await ExplainAsync();
    }

    /// <summary>A path whose placeholders are filled in.</summary>
    internal string Path(string template) => _names.Aggregate(template, static (path, name) => path.Replace(name.Key, name.Value, StringComparison.Ordinal));

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        await DisposeAsync(_process);
        await DisposeAsync(_source);
        await DisposeAsync(_database);
        await DisposeAsync(_server);
    }

    /// <summary>The plans that come from something that is done, and from what the host does beside it. Waits until a wanted one is among them.</summary>
    internal async Task<IReadOnlyList<JsonNode>> PlansOfAsync(Func<Task> work, Func<JsonNode, bool> isWanted)
    {
        await WrittenAsync();
        await work();
        var plans = new List<JsonNode>();
        await Eventually.TrueAsync(async () =>
        {
            plans.AddRange(PlansIn(await WrittenAsync()).Where(isWanted));
            return plans.Count > 0;
        });
        return plans;
    }

    // Not before the shop is full: the plans of what fills it are many, and nobody asks for them.
    private async Task ExplainAsync()
    {
        await using var set = _source!.CreateCommand("alter system set auto_explain.log_min_duration = 0");
        await set.ExecuteNonQueryAsync();
        await using var reload = _source.CreateCommand("select pg_reload_conf()");
        await reload.ExecuteNonQueryAsync();
        await WrittenAsync();
    }

    /// <summary>What has come into the log since the last time. All servers write through one pipe, so what has ended by now stands before a statement that is sent now.</summary>
    private async Task<string> WrittenAsync()
    {
        var mark = "mark " + Guid.NewGuid();
        await using var command = _source!.CreateCommand($"select '{mark}'");
        return await Eventually.Async(
            async () =>
            {
                // Again and again, because the first time nobody may have been told yet to write plans.
                await command.ExecuteNonQueryAsync();
                using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                file.Position = _read;
                using var reader = new StreamReader(file, Encoding.UTF8);
                var text = await reader.ReadToEndAsync();
                var end = text.LastIndexOf(mark, StringComparison.Ordinal);
                _read += Encoding.UTF8.GetByteCount(text.AsSpan(0, Math.Max(0, end)));
                return end < 0 ? null! : text[..end];
            },
            static text => text is not null);
    }

    private static List<JsonNode> PlansIn(string log)
    {
        const string Mark = " plan:\n";
        var plans = new List<JsonNode>();
        for (var at = log.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = log.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            // A field of CSV: it ends with a quotation mark that is not doubled.
            var end = log.IndexOf("}\",", at, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            plans.Add(JsonNode.Parse(log[(at + Mark.Length)..(end + 1)].Replace("\"\"", "\"", StringComparison.Ordinal))!);
        }

        return plans;
    }

    private static async Task DisposeAsync(IAsyncDisposable? resource)
    {
        if (resource is not null)
        {
            await resource.DisposeAsync();
        }
    }

    private async Task FillAsync(Shop shop)
    {
        var csv = new StringBuilder("Handle,Title,Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published\n");
        for (var number = 1; number <= Rows; number++)
        {
            var word = number <= 5 ? "rare" : "common";
            csv.Append(CultureInfo.InvariantCulture, $"cost-{number},{word} thing {number},{word},{word},{word},Title,Default Title,COST-{number},shopify,9,{number}.00,{(number <= 5 ? "true" : number % 10 == 0 ? "false" : "true")}\n");
        }

        await shop.ImportAsync(Encoding.UTF8.GetBytes(csv.ToString()));
        await shop.StockBecomesAsync(OneSku, 9, 0);
        await shop.StockBecomesAsync("COST-" + Rows.ToString(CultureInfo.InvariantCulture), 9, 0);
        await shop.BuyAsync(OneSku);
        using (var tour = new Tour(_process!.Callers))
        {
            await Task.WhenAll(tour.WarehouseAsync(), tour.PricingAsync(), tour.DeliveryAsync(), tour.MoneyAsync());
        }

        (await Api.PostAsync("/api/identity/api-keys", new { name = "Cost", permissions = new[] { "catalog:read" }, days = 1 })).Expect(201);
        (await Api.PostAsync("/api/identity/clients", new { name = "Cost", isConfidential = true, grants = new[] { "client_credentials" }, redirectUris = Array.Empty<string>(), scopes = Array.Empty<string>(), roles = Array.Empty<string>() })).Expect(201);
        (await Api.PostAsync("/api/identity/roles", new { name = "cost", permissions = new[] { "catalog:read" } })).Expect(201);
        await CloneAsync();
    }

    private async Task<string> NameAsync(string name)
    {
        await using var command = _source!.CreateCommand(name switch
        {
            "promotion" => "select promotion_id::text from pricing.coupon where batch_id is not null limit 1",
            "batch" => "select batch_id::text from pricing.coupon where batch_id is not null limit 1",
            "list" => "select price_list from pricing.price_list_entry limit 1",
            _ => "select group_code from pricing.customer_group_member limit 1",
        });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Copies of a document, with ids of their own.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="id">The id of the copy <c>n</c>.</param>
    /// <param name="others">Members with other values: names and values in SQL, with commas in between.</param>
    private static string Copies(string table, string id, string others = "") => $$"""
        insert into {{table}}
        select (jsonb_populate_record(one.c, jsonb_build_object('id', made.id, 'data', (one.c).data || jsonb_build_object('id', made.id) || jsonb_build_object({{others}})))).*
        from (select c from {{table}} c limit 1) one, generate_series(1, {{Rows}}) n, lateral (select {{id}} as id) made;
        """;

    /// <summary>One value for five copies, which a list that is not filtered shows last, and another for all others.</summary>
    private static string Rarely(string member, string rare, string common, bool isNewestFirst = true) =>
        $"'{member}', case when n {(isNewestFirst ? "<= 5" : $"> {Rows} - 5")} then '{rare}' else '{common}' end";

    private async Task CloneAsync()
    {
        const string text = "md5(n::text)::uuid::text";
        const string another = "md5('another' || n)::uuid::text";
        await using var command = _source!.CreateCommand($$"""
            {{Copies("ordering.mt_doc_order", NewId, $"'basketId', made.id, 'checkoutId', made.id, 'status', case when n <= {Rows / 2} then 'Shipped' else 'Placed' end, 'needsAttention', n <= 5")}}
            insert into ordering.log_timer
            select (jsonb_populate_record(t.row, jsonb_build_object('id', gen_random_uuid(), 'state', case when n % 2 = 0 then 'waiting' else 'parked' end, 'next_attempt_at', now() + n * interval '1 hour'))).*
            from (select log_timer as row from ordering.log_timer limit 1) t, generate_series(1, {{Rows}}) n;
            {{Copies("identity.mt_doc_account", text, "'normalizedEmail', n || '@EXAMPLE.ORG', 'email', n || '@example.org', 'roles', '[]'::jsonb")}}
            {{Copies("identity.mt_doc_session", text)}}
            {{Copies("identity.mt_doc_session", another, "'subject', gen_random_uuid()")}}
            {{Copies("identity.mt_doc_apikey", text)}}
            {{Copies("identity.mt_doc_client", "lpad(n::text, 22, '0')")}}
            insert into identity.mt_doc_passkey (id, data, mt_version, mt_dotnet_type)
            select n, jsonb_build_object('id', n::text, 'accountId', gen_random_uuid()), gen_random_uuid(), 'x' from generate_series(1, {{Rows}}) n;
            insert into inventory.log_dead_letter (subscription, position, message_id, name, key, payload, state, attempts, error)
            select 'declare-stock', 1000000 + n, gen_random_uuid(), 'catalog.stock-declared', case when n % 1000 = 0 then 'rare' else 'common' end, '{}', case when n > {{Rows}} - 5 then 'parked' else 'settled' end, 1, ''
            from generate_series(1, {{Rows}}) n;
            with made as (
                select 1000000 + n as position, case when n <= 5 then 'rare' else 'common' end as word, timestamptz '2000-01-01' + n * interval '1 hour' as at from generate_series(1, {{Rows}}) n),
                 entries as (
                insert into audit.entry (position, id, recorded_at, writer, module, operation, place, subject, change_count, changes, hash)
                select position, gen_random_uuid(), at, '', word, word, '', word, 1, '[]', '' from made)
            insert into audit.resource (position, type, id, recorded_at) select position, word, word, at from made;
            {{ShopRows()}}
            analyze
            """);
        await command.ExecuteNonQueryAsync();
    }

    private static string ShopRows() => $$"""
        {{Copies("inventory.mt_doc_sku_ledger", "(one.c).id || '-' || n")}}
        {{Copies("inventory.mt_doc_stock_count", NewId)}}
        {{Copies("inventory.mt_doc_stock_transit", NewId)}}
        {{Copies("inventory.mt_doc_stock_certificate", NewId)}}
        {{Copies("pricing.mt_doc_promotion", NewId, Rarely("status", "Draft", "Ended"))}}
        {{Copies("pricing.mt_doc_price_list", "(one.c).id || '-' || n")}}
        {{Copies("pricing.mt_doc_customer_group", "(one.c).id || '-' || n")}}
        {{Copies("pricing.mt_doc_tax_zone", "(one.c).id || '-' || n")}}
        {{Copies("pricing.mt_doc_tax_exemption", NewId, Rarely("subject", "rare", "common", isNewestFirst: false))}}
        insert into pricing.coupon (code, promotion_id, batch_id, created_at)
        select 'COST-' || n, promotion_id, case when n % 2 = 0 then batch_id end, created_at from (select * from pricing.coupon where batch_id is not null limit 1) one, generate_series(1, {{Rows}}) n;
        insert into pricing.price_list_entry (price_list, variant_id, min_quantity, price)
        select price_list, gen_random_uuid(), 1, 1 from (select * from pricing.price_list_entry limit 1) one, generate_series(1, {{Rows}}) n;
        insert into pricing.customer_group_member (subject, group_code, added_at)
        select gen_random_uuid(), group_code, added_at from (select * from pricing.customer_group_member limit 1) one, generate_series(1, {{Rows}}) n;
        {{Copies("payments.mt_doc_payment", NewId, Rarely("status", "Voiding", "Captured"))}}
        {{Copies("payments.mt_doc_gift_card", NewId, "'codeHash', made.id, " + Rarely("status", "Expired", "Active"))}}
        insert into ledger.ledger_entry (id, kind, reference, source, currency, line_count, fingerprint, occurred_at)
        select {{NewId}}, 'capture', case when n <= 5 then 'rare' else 'common' end, '', 'EUR', 2, '', timestamptz '2000-01-01' + n * interval '1 hour' from generate_series(1, {{Rows}}) n;
        insert into ledger.ledger_line (entry_id, line, account, reference, currency, debit, credit, occurred_at)
        select entry.id, line, case line when 1 then 'psp-receivable' else 'customer' end, reference, currency, 2 - line, line - 1, occurred_at
        from ledger.ledger_entry entry, generate_series(1, 2) line where source = '';
        {{Copies("ledger.mt_doc_reconciliation", NewId)}}
        {{Copies("shipping.mt_doc_fulfilment", NewId, Rarely("status", "Open", "Completed", isNewestFirst: false) + $", 'hasDiscrepancy', n > {Rows} - 5")}}
        {{Copies("returns.mt_doc_return", NewId, Rarely("status", "Received", "Completed") + ", " + Rarely("orderId", RareId, "0199c000-0000-7000-8000-000000000000"))}}
        """;
}
