using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Ledger.Tests.LedgerHost;

namespace ModularMonolith.Ledger.Tests;

public sealed class HttpTests(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private DateTimeOffset Now => ledger.Host.Time.GetUtcNow();

    [Fact]
    public async Task The_entries_of_an_order_are_listed_page_by_page_newest_first()
    {
        var order = Guid.NewGuid();
        var start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var day = 0; day < 5; day++)
        {
            await ledger.PublishAsync(new OrderPaidManually(order, Eur(100 + day), start.AddDays(day)));
        }

        await ledger.BookedAsync(order.ToString(), 5);
        var amounts = new List<int>();
        string? cursor = null;
        do
        {
            var page = await ledger.GetAsync($"entries?reference={order}&limit=2" + (cursor is null ? string.Empty : "&cursor=" + Uri.EscapeDataString(cursor)));
            amounts.AddRange(page.GetProperty("items").EnumerateArray().Select(static entry => entry.GetProperty("lines")[0].GetProperty("amount").GetProperty("amount").GetInt32()));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal([104, 103, 102, 101, 100], amounts);
        var newest = (await ledger.GetAsync("entries?limit=1&reference=" + order)).GetProperty("items")[0];
        var shown = await ledger.GetAsync("entries/" + newest.GetProperty("id").GetGuid());
        Assert.Equal(newest.ToString(), shown.ToString());
        Assert.Equal([("bank", "debit"), ("customer", "credit")], shown.GetProperty("lines").EnumerateArray().Select(static line => (line.GetProperty("account").GetString()!, line.GetProperty("side").GetString()!)));
    }

    [Fact]
    public async Task Accounts_are_shown_as_of_a_time()
    {
        var order = Guid.NewGuid();
        var noon = new DateTimeOffset(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await ledger.PublishAsync(
            new OrderPaidManually(order, Eur(1), noon.AddDays(-1)), new OrderPaidManually(order, Eur(20), noon), new OrderPaidManually(order, Eur(300), noon.AddTicks(10)), new OrderPaidManually(order, Eur(4_000), noon.AddDays(1)));
        await ledger.BookedAsync(order.ToString(), 4);

        var found = new List<int>();
        foreach (var hours in new[] { -48, -1, 0, 1, 23, 24 })
        {
            found.Add(await BankAsync(noon.AddHours(hours)));
        }

        Assert.Equal([0, 1, 21, 321, 321, 4_321], found);
        Assert.True((await ledger.GetAsync("trial-balance?asOf=" + Uri.EscapeDataString(noon.ToString("O")))).GetProperty("isBalanced").GetBoolean());

        async Task<int> BankAsync(DateTimeOffset asOf)
        {
            var accounts = await ledger.GetAsync("accounts?asOf=" + Uri.EscapeDataString(asOf.ToString("O")));
            return accounts.GetProperty("items").EnumerateArray().Where(static item => item.GetProperty("account").GetString() == "bank").Sum(static item => item.GetProperty("balance").GetProperty("amount").GetInt32());
        }
    }

    [Fact]
    public async Task A_customer_who_owes_for_too_long_is_named()
    {
        var order = Guid.NewGuid();
        await ledger.PublishAsync(new OrderInvoiced(order, Guid.NewGuid(), Eur(100), Eur(0), Eur(0), Eur(100), Now));
        await ledger.BookedAsync(order.ToString(), 1);
        Assert.False((await ledger.GetAsync("orders/" + order)).GetProperty("isSettled").GetBoolean());
        Assert.DoesNotContain(order.ToString(), (await ledger.GetAsync("verification")).GetProperty("unsettled").ToString(), StringComparison.Ordinal);

        ledger.Host.Time.Advance(TimeSpan.FromHours(25));

        var unsettled = (await ledger.GetAsync("verification")).GetProperty("unsettled").EnumerateArray().Single(item => item.GetProperty("reference").GetString() == order.ToString());
        Assert.Equal(100, unsettled.GetProperty("balance").GetProperty("amount").GetInt32());
    }

    [Fact]
    public async Task A_sum_that_is_not_that_of_its_lines_is_found_by_the_verification()
    {
        await using var host = new DisposableLedger();
        await host.Ledger.InitializeAsync();
        await host.Ledger.PaidAsync(Guid.NewGuid(), 100);
        await host.Ledger.AssertSoundAsync();
        await host.Ledger.ScalarAsync("update ledger_balance set debit = debit + 1 where account = 'customer'");
        await host.Ledger.ScalarAsync("update ledger_day set credit = credit + 1 where account = 'revenue'");
        await host.Ledger.ScalarAsync(
            "alter table ledger_line disable trigger user; delete from ledger_line where account = 'provider:test'; alter table ledger_line enable trigger user");

        var verification = await host.Ledger.GetAsync("verification");

        Assert.False(verification.GetProperty("isSound").GetBoolean());
        Assert.Equal(3, verification.GetProperty("differences").EnumerateArray().Select(static difference => difference.GetProperty("problem").GetString()).Distinct().Count());
    }

    [Theory]
    [InlineData("""{ "from": "2026-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "from": "2026-02-01T00:00:00Z", "to": "2026-03-05T00:00:00Z" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "from": "2098-02-01T00:00:00Z", "to": "2098-02-02T00:00:00Z" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "from": "yesterday", "to": "today" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "from": "2026-02-01T00:00:00Z", "to": "2026-02-02T00:00:00Z", "provider": "x" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "from": "2026-02-01T00:00:00Z", "to": "2026-02-02T00:00:00Z" }""", HttpStatusCode.Accepted)]
    public async Task The_time_of_a_reconciliation_is_checked(string body, HttpStatusCode status)
    {
        using var response = await PostAsync("reconciliations", body, Guid.NewGuid().ToString());

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_reconciliation_is_started_once_for_each_key_and_not_by_a_dry_run()
    {
        const string Body = """{ "from": "2026-02-01T00:00:00Z", "to": "2026-02-02T00:00:00Z" }""";
        using var without = await PostAsync("reconciliations", Body, null);
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var dry = await PostAsync("reconciliations?dryRun=true", Body, Guid.NewGuid().ToString());
        var id = (await dry.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        using var missing = await ledger.Client.GetAsync("/api/ledger/reconciliations/" + id);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        var key = Guid.NewGuid().ToString();
        using var first = await PostAsync("reconciliations", Body, key);
        using var second = await PostAsync("reconciliations", Body, key);

        Assert.Equal((await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), (await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("GET", "accounts", "ledger:read")]
    [InlineData("GET", "trial-balance", "ledger:read")]
    [InlineData("GET", "entries", "ledger:read")]
    [InlineData("GET", "verification", "ledger:read")]
    [InlineData("GET", "reconciliations", "ledger:read")]
    [InlineData("POST", "reconciliations", "ledger:reconcile")]
    [InlineData("POST", "reconciliations/0199a4b0-0000-7000-8000-000000000001/acknowledge", "ledger:reconcile")]
    public async Task Only_those_with_the_permission_are_let_in(string method, string path, string permission)
    {
        foreach (var other in new[] { "ledger:read", "ledger:reconcile" }.Where(other => other != permission).Append("ordering:read"))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/api/ledger/" + path);
            request.Headers.Authorization = TestCredentials.Of("somebody", other);
            using var response = await ledger.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("entries/0199a4b0-0000-7000-8000-000000000001")]
    [InlineData("orders/0199a4b0-0000-7000-8000-000000000001")]
    [InlineData("reconciliations/0199a4b0-0000-7000-8000-000000000001")]
    public async Task What_does_not_exist_is_404(string path)
    {
        using var response = await ledger.Client.GetAsync("/api/ledger/" + path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string? key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/ledger/" + path) { Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return ledger.Client.SendAsync(request);
    }

    private sealed class DisposableLedger : IAsyncDisposable
    {
        public LedgerHost Ledger { get; } = new();

        public async ValueTask DisposeAsync() => await Ledger.DisposeAsync();
    }
}
