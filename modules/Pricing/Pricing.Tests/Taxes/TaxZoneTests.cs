using System.Net;
using System.Text.Json;

namespace ModularMonolith.Pricing.Tests.Taxes;

[Collection(nameof(PricingHost))]
public sealed class TaxZoneTests(PricingHost shop)
{
    [Fact]
    public async Task A_zone_is_created_read_changed_and_deleted_by_its_version()
    {
        var code = PricingHost.New("zone");
        var created = await shop.CreateAsync("/tax-zones", Zone(code, "QF", 0.19));
        Assert.Equal(("/api/pricing/tax-zones/" + code, "\"v1\""), (created.Location, created.ETag));

        var changed = await shop.CallAsync(HttpMethod.Put, "/tax-zones/" + code, new { title = "Other", country = "QF", postalPrefix = "9" }, ifMatch: created.ETag);
        await shop.CallAsync(HttpMethod.Put, "/tax-zones/" + code, new { title = "Late", country = "QF" }, HttpStatusCode.PreconditionFailed, created.ETag);
        await shop.CallAsync(HttpMethod.Delete, "/tax-zones/" + code, null, HttpStatusCode.PreconditionFailed, created.ETag);

        Assert.Equal((JsonValueKind.Array, 0), (changed.Json.GetProperty("rates").ValueKind, changed.Json.GetProperty("rates").GetArrayLength()));
        Assert.Equal(changed.Json.ToString(), (await shop.GetAsync("/tax-zones/" + code)).Json.ToString());
        await shop.CallAsync(HttpMethod.Delete, "/tax-zones/" + code, null, HttpStatusCode.NoContent, changed.ETag);
        await shop.GetAsync("/tax-zones/" + code, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Two_zones_cannot_cover_exactly_the_same_addresses()
    {
        await shop.CreateAsync("/tax-zones", Zone(PricingHost.New("zone"), "QG", 0.1));
        var elsewhere = PricingHost.New("zone");
        var created = await shop.CreateAsync("/tax-zones", new { code = elsewhere, title = "Region", country = "QG", region = "AA" });

        var twin = await shop.CallAsync(HttpMethod.Post, "/tax-zones", Zone(PricingHost.New("zone"), "QG", 0.2), HttpStatusCode.Conflict);
        var moved = await shop.CallAsync(HttpMethod.Put, "/tax-zones/" + elsewhere, new { title = "Region", country = "QG" }, HttpStatusCode.Conflict, created.ETag);

        Assert.Equal(("illegal-state", "illegal-state"), (twin.Problem, moved.Problem));
    }

    [Theory]
    [InlineData("""{"code":"x","title":"x","country":"qh"}""", "#/country")]
    [InlineData("""{"code":"x","title":" ","country":"QH"}""", "#/title")]
    [InlineData("""{"code":"x","title":"x","country":"QH","rates":[{"tax":"vat","name":"x","rate":1.01}]}""", "#/rates/0/rate")]
    [InlineData("""{"code":"x","title":"x","country":"QH","rates":[{"tax":"vat","name":"x","rate":0.1234567}]}""", "#/rates/0/rate")]
    [InlineData("""{"code":"x","title":"x","country":"QH","rates":[{"tax":"vat","name":"x","rate":0.1},{"tax":"vat","name":"y","rate":0.2}]}""", "#/rates")]
    [InlineData("""{"code":"x","title":"x","country":"QH","rates":[{"tax":"vat","name":"x","rate":0.1,"to":"2026-02-01T00:00:00Z"},{"tax":"vat","name":"y","rate":0.2,"from":"2026-01-01T00:00:00Z"}]}""", "#/rates")]
    public async Task What_makes_no_sense_is_refused_with_its_field(string body, string pointer)
    {
        var refused = await shop.CallAsync(HttpMethod.Post, "/tax-zones", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest);

        Assert.Equal(pointer, Assert.Single(refused.Pointers));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var code = PricingHost.New("zone");

        await shop.CallAsync(HttpMethod.Post, "/tax-zones?dryRun=true", Zone(code, "QI", 0.1));

        await shop.GetAsync("/tax-zones/" + code, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Exemptions_are_listed_by_customer_and_in_pages()
    {
        var subject = PricingHost.New("customer");
        for (var number = 0; number < 3; number++)
        {
            await shop.CreateAsync("/tax-exemptions", new { reason = "Number " + number, subject });
        }

        var first = await shop.GetAsync($"/tax-exemptions?subject={subject}&limit=2");
        var second = await shop.GetAsync($"/tax-exemptions?subject={subject}&limit=2&cursor={first.Json.GetProperty("next").GetString()}");
        var both = await shop.CallAsync(HttpMethod.Post, "/tax-exemptions", new { reason = "x", subject, customerGroup = "x" }, HttpStatusCode.BadRequest);

        Assert.Equal(
            ["Number 0", "Number 1", "Number 2"],
            first.Json.GetProperty("items").EnumerateArray().Concat(second.Json.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("reason").GetString()!));
        Assert.Equal(JsonValueKind.Null, second.Json.GetProperty("next").ValueKind);
        Assert.Equal("#/subject", Assert.Single(both.Pointers));
    }

    private static object Zone(string code, string country, double rate) => new { code, title = "Zone", country, rates = new[] { new { tax = "vat", name = "VAT", rate } } };
}
