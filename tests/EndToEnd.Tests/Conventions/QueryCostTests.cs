using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>
/// Convention 43: what a page of a list costs does not grow with the list. PostgreSQL writes down the plan of every statement (auto_explain), with the rows
/// that each step really read; all lists hold thousands of rows, and the filters are unfavourable: what they match lies at the far end.
/// </summary>
public sealed class QueryCostTests(FullShop shop) : IClassFixture<FullShop>
{
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
        { "/api/ordering/orders?needsAttention=true", "mt_doc_order" },
        { "/api/inventory/stock", "mt_doc_stock_item" },
        { "/api/inventory/movements?sku=" + FullShop.OneSku, "mt_events" },
        { "/api/inventory/locations", "mt_doc_location" },
        { "/api/inventory/policies", "mt_doc_sku_ledger" },
        { "/api/inventory/counts", "mt_doc_stock_count" },
        { "/api/inventory/transits", "mt_doc_stock_transit" },
        { "/api/inventory/certificates", "mt_doc_stock_certificate" },
        { "/api/pricing/promotions", "mt_doc_promotion" },
        { "/api/pricing/promotions?status=draft", "mt_doc_promotion" },
        { "/api/pricing/promotions/{promotion}/coupons", "coupon" },
        { "/api/pricing/promotions/{promotion}/coupons?batch={batch}", "coupon" },
        { "/api/pricing/price-lists", "mt_doc_price_list" },
        { "/api/pricing/price-lists/{list}/prices", "price_list_entry" },
        { "/api/pricing/customer-groups", "mt_doc_customer_group" },
        { "/api/pricing/customer-groups/{group}/members", "customer_group_member" },
        { "/api/pricing/tax-zones", "mt_doc_tax_zone" },
        { "/api/pricing/tax-exemptions", "mt_doc_tax_exemption" },
        { "/api/pricing/tax-exemptions?subject=rare", "mt_doc_tax_exemption" },
        { "/api/payments/payments", "mt_doc_payment" },
        { "/api/payments/payments?status=voiding", "mt_doc_payment" },
        { "/api/payments/gift-cards", "mt_doc_gift_card" },
        { "/api/payments/gift-cards?status=expired", "mt_doc_gift_card" },
        { "/api/ledger/entries", "ledger_entry" },
        { "/api/ledger/entries", "ledger_line" },
        { "/api/ledger/entries?reference=rare", "ledger_entry" },
        { "/api/ledger/reconciliations", "mt_doc_reconciliation" },
        { "/api/shipping/fulfilments", "mt_doc_fulfilment" },
        { "/api/shipping/fulfilments?status=open", "mt_doc_fulfilment" },
        { "/api/shipping/fulfilments?hasDiscrepancy=true", "mt_doc_fulfilment" },
        { "/api/shipping/fulfilments?status=open&hasDiscrepancy=true", "mt_doc_fulfilment" },
        { "/api/returns/returns", "mt_doc_return" },
        { "/api/returns/returns?status=received", "mt_doc_return" },
        { "/api/returns/returns?orderId=" + FullShop.RareId, "mt_doc_return" },
        { "/api/returns/returns?status=received&orderId=" + FullShop.RareId, "mt_doc_return" },
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
        list = shop.Path(list);
        await AssertCheapAsync(list, table);
    }

    // A page of a verification is 500 items, with their movements.
    [Fact]
    public async Task Convention_43_a_page_of_the_verification_reads_its_items_and_no_others()
    {
        await AssertCheapAsync("/api/inventory/verification", "mt_doc_stock_item", 1_500);
        Assert.True(FullShop.Rows > 1_500, "The shop is too small to tell a page from all.");
    }

    [Theory]
    [InlineData("/api/catalog/products", "product_search")]
    [InlineData("/api/catalog/products?sort=title", "product_search")]
    [InlineData("/api/ordering/orders", "mt_doc_order")]
    [InlineData("/api/ordering/orders?status=shipped", "mt_doc_order")]
    [InlineData("/api/inventory/stock", "mt_doc_stock_item")]
    [InlineData("/api/inventory/policies", "mt_doc_sku_ledger")]
    [InlineData("/api/pricing/promotions/{promotion}/coupons", "coupon")]
    [InlineData("/api/pricing/price-lists/{list}/prices", "price_list_entry")]
    [InlineData("/api/pricing/customer-groups", "mt_doc_customer_group")]
    [InlineData("/api/payments/payments?status=captured", "mt_doc_payment")]
    [InlineData("/api/ledger/entries", "ledger_entry")]
    [InlineData("/api/shipping/fulfilments?status=completed", "mt_doc_fulfilment")]
    [InlineData("/api/returns/returns?status=completed", "mt_doc_return")]
    [InlineData("/api/audit/entries", "entry")]
    [InlineData("/api/audit/entries?resource=common", "resource")]
    public async Task Convention_43_a_later_page_costs_what_the_first_does(string list, string table)
    {
        list = shop.Path(list);
        var separator = list.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var cursor = (string?)null;
        var page = list + separator + "limit=100";
        for (var number = 0; number < 5; number++)
        {
            cursor = (string?)(await shop.Api.GetAsync(cursor is null ? page : $"{page}&cursor={cursor}")).Expect(200).Json["next"];
            Assert.NotNull(cursor);
        }

        await AssertCheapAsync($"{list}{separator}cursor={cursor}", table);
    }

    private async Task AssertCheapAsync(string path, string table, int most = MostRowsRead)
    {
        var plans = await shop.PlansOfAsync(
            async () => (await shop.Api.GetAsync(path)).Expect(200),
            plan => plan["Query Text"]!.ToString().Contains("select", StringComparison.OrdinalIgnoreCase) && Scans(plan["Plan"]!).Any(scan => scan.Table == table));

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
}
