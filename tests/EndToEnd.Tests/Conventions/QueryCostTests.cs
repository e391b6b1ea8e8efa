using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>
/// Convention 43: what a page of a list costs does not grow with the list. PostgreSQL writes down the plan of every statement (auto_explain), with the rows
/// that each step really read; all lists hold thousands of rows, and the filters are unfavourable: what they match lies at the far end.
/// </summary>
public sealed class QueryCostTests(QueryCostTests.FullShop shop) : IClassFixture<QueryCostTests.FullShop>
{
    private const int Rows = 3_000;

    // A page of 20, twice for the rows that a plan may look at in vain, and what a block of a bitmap holds besides.
    private const int MostRowsRead = 300;

    public static readonly TheoryData<string, string> Lists = new()
    {
        { "/api/catalog/products", "product_search" },
        { "/api/catalog/products?sort=title", "product_search" },
        { "/api/catalog/products?sort=price", "product_search" },
        { "/api/catalog/products?sort=-price", "product_search" },
        { "/api/catalog/products?sort=created", "product_search" },
        { "/api/catalog/products?status=draft", "product_search" },
        { "/api/catalog/products?vendor=rare", "product_search" },
        { "/api/catalog/products?type=rare", "product_search" },
        { "/api/catalog/products?tag=rare", "product_search" },
        { "/api/catalog/products?q=rare", "product_search" },
        { "/api/catalog/products?minPrice=999999&sort=price", "product_search" },
        { "/api/ordering/orders", "mt_doc_order" },
        { "/api/ordering/orders?status=placed", "mt_doc_order" },
        { "/api/ordering/orders?status=shipped", "mt_doc_order" },
        { "/api/ordering/orders?status=rejected", "mt_doc_order" },
        { "/api/inventory/stock", "mt_doc_stock_item" },
        { "/api/inventory/movements?sku=" + FullShop.OneSku, "mt_events" },
        { "/api/inventory/locations", "mt_doc_location" },
        { "/api/log/timers", "log_timer" },
        { "/api/log/timers?module=ordering&state=waiting", "log_timer" },
        { "/api/log/timers?state=parked", "log_timer" },
        { "/api/identity/accounts", "mt_doc_account" },
        { "/api/identity/accounts?role=admin", "mt_doc_account" },
        { "/api/identity/account/sessions", "mt_doc_session" },
        { "/api/identity/account/passkeys", "mt_doc_passkey" },
        { "/api/identity/api-keys", "mt_doc_apikey" },
        { "/api/identity/clients", "mt_doc_client" },
        { "/api/identity/roles", "mt_doc_role" },
        { "/api/log/subscriptions/inventory/declare-stock/failed", "log_dead_letter" },
        { "/api/log/subscriptions/inventory/declare-stock/failed?state=parked", "log_dead_letter" },
        { "/api/log/subscriptions/inventory/declare-stock/failed?state=settled", "log_dead_letter" },
        { "/api/log/subscriptions/inventory/declare-stock/failed?key=rare", "log_dead_letter" },
        { "/api/log/subscriptions/inventory/declare-stock/failed?state=settled&key=rare", "log_dead_letter" },
        { "/api/audit/entries", "entry" },
        { "/api/audit/entries?subject=rare", "entry" },
        { "/api/audit/entries?module=rare", "entry" },
        { "/api/audit/entries?operation=rare", "entry" },
        { "/api/audit/entries?resource=rare", "resource" },
        { "/api/audit/entries?resource=rare", "entry" },
        { "/api/audit/entries?resource=rare&type=rare", "resource" },
        { "/api/audit/entries?to=2000-01-02T00:00:00Z", "entry" },
        { "/api/audit/entries?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z&resource=common", "resource" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Convention_43_a_page_of_a_list_reads_few_rows(string list, string table)
    {
        await AssertCheapAsync(list, table, await ReadAsync(list));
    }

    // A page of a verification is 500 items, with their movements.
    [Fact]
    public async Task Convention_43_a_page_of_the_verification_reads_its_items_and_no_others()
    {
        await AssertCheapAsync("/api/inventory/verification", "mt_doc_stock_item", await ReadAsync("/api/inventory/verification"), 1_500);
        Assert.True(Rows > 1_500, "The shop is too small to tell a page from all.");
    }

    [Theory]
    [InlineData("/api/catalog/products", "product_search")]
    [InlineData("/api/catalog/products?sort=title", "product_search")]
    [InlineData("/api/ordering/orders", "mt_doc_order")]
    [InlineData("/api/ordering/orders?status=shipped", "mt_doc_order")]
    [InlineData("/api/inventory/stock", "mt_doc_stock_item")]
    [InlineData("/api/audit/entries", "entry")]
    [InlineData("/api/audit/entries?resource=common", "resource")]
    public async Task Convention_43_a_later_page_costs_what_the_first_does(string list, string table)
    {
        var separator = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var cursor = (string?)null;
        var page = list + separator + "limit=100";
        for (var number = 0; number < 5; number++)
        {
            cursor = (string?)(await shop.Api.GetAsync(cursor is null ? page : $"{page}&cursor={cursor}")).Expect(200).Json["next"];
            Assert.NotNull(cursor);
        }

        var later = $"{list}{separator}cursor={cursor}";
        await AssertCheapAsync(later, table, await ReadAsync(later));
    }

    private async Task<int> ReadAsync(string path)
    {
        var before = shop.Plans().Count;
        (await shop.Api.GetAsync(path)).Expect(200);
        return before;
    }

    private async Task AssertCheapAsync(string path, string table, int before, int most = MostRowsRead)
    {
        // The log comes a moment after the answer.
        var plans = await Eventually.Async(
            () => Task.FromResult<IReadOnlyList<JsonNode>>([.. shop.Plans().Skip(before).Where(plan => plan["Query Text"]!.ToString().Contains("select", StringComparison.OrdinalIgnoreCase) && Scans(plan["Plan"]!).Any(scan => scan.Table == table))]),
            static found => found.Count > 0);

        foreach (var plan in plans)
        {
            Assert.All(Scans(plan["Plan"]!), scan => Assert.True(scan.Rows <= most, $"{path} reads {scan.Rows} rows of {scan.Table}:\n{plan.ToJsonString(new JsonSerializerOptions { WriteIndented = true })}"));
        }
    }

    private static IEnumerable<(string Table, double Rows)> Scans(JsonNode node)
    {
        if (node["Relation Name"] is { } table)
        {
            yield return ((string)table!, (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Index Recheck")) * Number(node, "Actual Loops"));
        }
        else if (node["Index Name"] is { } index)
        {
            yield return ((string)index!, Number(node, "Actual Rows") * Number(node, "Actual Loops"));
        }

        foreach (var scan in (node["Plans"]?.AsArray() ?? []).SelectMany(child => Scans(child!)))
        {
            yield return scan;
        }
    }

    private static double Number(JsonNode node, string name) => (double?)node[name] ?? 0;

    /// <summary>A shop whose every list is long.</summary>
    public sealed class FullShop : IAsyncLifetime
    {
        public const string OneSku = "COST-1";

        private TestServer? _server;
        private TestDatabase? _database;
        private HostProcess? _process;
        private string _log = string.Empty;

        internal Api Api { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _server = await TestServer.StartOwnAsync(new Dictionary<string, string>
            {
                ["session_preload_libraries"] = "auto_explain",
                ["auto_explain.log_min_duration"] = "0",
                ["auto_explain.log_analyze"] = "on",
                ["auto_explain.log_timing"] = "off",
                ["auto_explain.log_format"] = "json",
                ["logging_collector"] = "on",
                ["log_destination"] = "csvlog",
                ["log_directory"] = "plans",
                ["log_filename"] = "plans",
                ["log_rotation_size"] = "0",
                ["log_file_mode"] = "0644",
            });
            _database = await _server.CreateDatabaseAsync();
            _process = await HostProcess.StartAsync(HostSettings.On(_database.ConnectionString));
            Api = _process.Callers.Admin();
            _log = Directory.EnumerateFiles(_server.Server.DataFolder, "plans*.csv", SearchOption.AllDirectories).Single();
            await FillAsync(new Shop(Api));
        }

        public async Task DisposeAsync()
        {
            Api?.Dispose();
            await DisposeAsync(_process);
            await DisposeAsync(_database);
            await DisposeAsync(_server);
        }

        /// <summary>All plans so far.</summary>
        internal IReadOnlyList<JsonNode> Plans()
        {
            const string mark = " plan:\n";
            using var file = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.UTF8);
            var text = reader.ReadToEnd();
            var plans = new List<JsonNode>();
            for (var at = text.IndexOf(mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(mark, at + 1, StringComparison.Ordinal))
            {
                // A field of CSV: it ends with a quotation mark that is not doubled.
                var end = text.IndexOf("}\",", at, StringComparison.Ordinal);
                if (end < 0)
                {
                    break;
                }

                plans.Add(JsonNode.Parse(text[(at + mark.Length)..(end + 1)].Replace("\"\"", "\"", StringComparison.Ordinal))!);
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
            (await Api.PostAsync("/api/identity/api-keys", new { name = "Cost", permissions = new[] { "catalog:read" }, days = 1 })).Expect(201);
            (await Api.PostAsync("/api/identity/clients", new { name = "Cost", isConfidential = true, grants = new[] { "client_credentials" }, redirectUris = Array.Empty<string>(), scopes = Array.Empty<string>(), roles = Array.Empty<string>() })).Expect(201);
            (await Api.PostAsync("/api/identity/roles", new { name = "cost", permissions = new[] { "catalog:read" } })).Expect(201);
            await CloneAsync();
        }

        // Copies of the only document of its kind, with ids of their own.
        private static string Clones(string type, string others = "") => $"""
            insert into identity.mt_doc_{type}
            select (jsonb_populate_record(null::identity.mt_doc_{type}, to_jsonb(c) || jsonb_build_object('id', made.id, 'data', c.data || jsonb_build_object('id', made.id) || jsonb_build_object({others})))).*
            from (select * from identity.mt_doc_{type} limit 1) c, generate_series(1, {Rows}) n,
                lateral (select case when '{type}' = 'client' then lpad(n::text, 22, '0') else gen_random_uuid()::text end as id) made;
            """;

        private async Task CloneAsync()
        {
            await using var source = NpgsqlDataSource.Create(_database!.ConnectionString);
            await using var command = source.CreateCommand($$"""
                insert into ordering.mt_doc_order
                select (jsonb_populate_record(o, jsonb_build_object('id', made.id, 'data', o.data
                    || jsonb_build_object('Id', made.id, 'id', made.id, 'BasketId', made.id, 'basketId', made.id, 'CheckoutId', made.id, 'checkoutId', made.id)
                    || case when n <= {{Rows / 2}} then jsonb_build_object('Status', 'Shipped', 'status', 'Shipped') else '{}'::jsonb end))).*
                from ordering.mt_doc_order o, generate_series(1, {{Rows}}) n, lateral (select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id) made;
                insert into ordering.log_timer
                select (jsonb_populate_record(t.row, jsonb_build_object('id', gen_random_uuid(), 'state', case when n % 2 = 0 then 'waiting' else 'parked' end, 'next_attempt_at', now() + n * interval '1 hour'))).*
                from (select log_timer as row from ordering.log_timer limit 1) t, generate_series(1, {{Rows}}) n;
                {{Clones("account", "'normalizedEmail', n || '@EXAMPLE.ORG', 'email', n || '@example.org', 'roles', '[]'::jsonb")}}
                {{Clones("session")}}
                {{Clones("session", "'subject', gen_random_uuid()")}}
                {{Clones("apikey")}}
                {{Clones("client")}}
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
                analyze
                """);
            await command.ExecuteNonQueryAsync();
        }
    }
}
