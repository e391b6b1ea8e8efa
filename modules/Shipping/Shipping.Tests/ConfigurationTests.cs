using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.SampleData;

namespace ModularMonolith.Shipping.Tests;

/// <summary>Each test has countries and codes of its own.</summary>
public sealed class ConfigurationTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    [Fact]
    public async Task A_method_is_offered_as_soon_as_it_is_there_changes_with_it_and_ends_with_it()
    {
        var zone = (await shipping.PostAsync("zones", Zone("chile", "CL"))).Expect(HttpStatusCode.Created);
        Assert.Equal("/api/shipping/zones/chile", zone.Location);
        Assert.Empty(await PricesAsync("CL"));

        var created = (await shipping.PostAsync("methods", Method("chile-standard", "chile", 490, 5_000))).Expect(HttpStatusCode.Created);
        Assert.Equal([490], await PricesAsync("CL"));
        Assert.Equal([0], await PricesAsync("CL", 5_000));
        var changed = (await shipping.PutAsync("methods/chile-standard", Content("chile", 590), created.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal([590], await PricesAsync("CL", 5_000));
        (await shipping.PutAsync("methods/chile-standard", Content("chile", 690), created.ETag)).Problem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        (await shipping.PutAsync("methods/chile-standard", Content("chile", 690), null)).Problem(HttpStatusCode.PreconditionRequired, "precondition-required");
        (await shipping.DeleteAsync("zones/chile", zone.ETag)).Problem(HttpStatusCode.Conflict, "shipping-zone-in-use");
        (await shipping.DeleteAsync("methods/chile-standard", changed.ETag)).Expect(HttpStatusCode.NoContent);
        Assert.Empty(await PricesAsync("CL"));
        (await shipping.DeleteAsync("zones/chile", zone.ETag)).Expect(HttpStatusCode.NoContent);
        (await shipping.GetAsync("zones/chile")).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_change_on_one_host_is_seen_on_the_others_within_seconds()
    {
        await using var other = await shipping.Host.StartAnotherAsync();
        Task<IReadOnlyList<ShippingOption>> SeenAsync() => other.SendAsync(new GetShippingOptions("PE", null, null, new Money(0, "EUR"), 0));
        Assert.Empty(await SeenAsync());

        (await shipping.PostAsync("zones", Zone("peru", "PE"))).Expect(HttpStatusCode.Created);
        (await shipping.PostAsync("methods", Method("peru-standard", "peru", 490))).Expect(HttpStatusCode.Created);

        await Eventually.Async(SeenAsync, static options => options.Count == 1, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Asking_for_options_again_and_again_asks_the_database_at_most_about_once_a_second()
    {
        await PricesAsync("DE");
        using var test = new Activity("test").Start();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == test.TraceId && activity.Kind == ActivityKind.Client)
                {
                    statements.Enqueue(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var started = Stopwatch.GetTimestamp();

        for (var asked = 0; asked < 500; asked++)
        {
            await shipping.Host.SendAsync(new GetShippingOptions("DE", null, "10115", new Money(0, "EUR"), 0));
        }

        Assert.True(statements.Count <= 4 * (2 + Stopwatch.GetElapsedTime(started).TotalSeconds), $"{statements.Count} statements");
    }

    [Fact]
    public async Task Codes_are_unique_and_methods_have_zones()
    {
        (await shipping.PostAsync("zones", Zone("kenya", "KE"))).Expect(HttpStatusCode.Created);

        (await shipping.PostAsync("zones", Zone("kenya", "KE"))).Problem(HttpStatusCode.Conflict, "shipping-code-taken");
        (await shipping.PostAsync("methods", Method("kenya-standard", "nowhere", 1))).Problem(HttpStatusCode.Conflict, "shipping-unknown-zone");
        var method = (await shipping.PostAsync("methods", Method("kenya-standard", "kenya", 1))).Expect(HttpStatusCode.Created);
        (await shipping.PutAsync("methods/kenya-standard", Content("nowhere", 1), method.ETag)).Problem(HttpStatusCode.Conflict, "shipping-unknown-zone");
    }

    [Fact]
    public async Task A_zone_is_not_deleted_while_a_method_is_created_in_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var code = "race-" + round;
            var zone = (await shipping.PostAsync("zones", Zone(code, "ZW"))).Expect(HttpStatusCode.Created);

            var answers = await Task.WhenAll(shipping.DeleteAsync("zones/" + code, zone.ETag), shipping.PostAsync("methods", Method(code, code, 1)));

            Assert.Equal(1, answers.Count(static answer => answer.Status is HttpStatusCode.NoContent or HttpStatusCode.Created));
        }
    }

    [Theory]
    [InlineData("zones", """{"code":"Upper","title":"x","areas":[{}]}""")]
    [InlineData("zones", """{"code":"x1","title":"","areas":[{}]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[null]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[{"country":"de"}]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[{"region":"BY"}]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[{"country":"DE","postalCodes":["20..1"]}]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[{"country":"DE","postalCodes":[null]}]}""")]
    [InlineData("zones", """{"code":"x1","title":"x","areas":[{"country":"DE","postalCodes":["10\u0000"]}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[null]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"flat"}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"flat","price":{"amount":-1,"currency":"EUR"}}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"byWeight","bands":[null]}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"byWeight","bands":[{"price":{"amount":1,"currency":"EUR"}},{"price":{"amount":1,"currency":"EUR"},"upTo":5}]}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"flat","price":{"amount":1,"currency":"EUR"},"freeFrom":{"amount":1,"currency":"USD"}}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","rates":[{"kind":"flat","price":{"amount":1,"currency":"EUR"}},{"kind":"flat","price":{"amount":2,"currency":"EUR"}}]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","earliestDays":3,"latestDays":2,"rates":[{"kind":"flat","price":{"amount":1,"currency":"EUR"}}]}""")]
    [InlineData("pickup-points", """{"code":"x1","title":"x","address":{"name":"","line1":"x","city":"x","country":"DE"}}""")]
    public async Task What_makes_no_sense_is_refused(string kind, string body) =>
        (await shipping.PostAsync(kind, System.Text.Json.JsonDocument.Parse(body).RootElement)).Problem(HttpStatusCode.BadRequest, "validation");

    [Fact]
    public async Task Everybody_sees_costs_and_pickup_points_and_nobody_else_sees_how_they_are_made()
    {
        var customer = TestCredentials.Of("ann");
        (await shipping.PostAsync("pickup-points", new { code = "corner", title = "Corner shop", address = new { name = "Corner", line1 = "Eck 1", city = "Bonn", country = "DE" }, openingHours = "9 to 18" })).Expect(HttpStatusCode.Created);

        Assert.Equal("Corner shop", (await shipping.GetAsync("pickup-points/corner", customer)).Expect(HttpStatusCode.OK)["title"]);
        Assert.Contains("Corner shop", (await shipping.GetAsync("pickup-points?limit=100", customer)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        (await shipping.GetAsync("options?country=DE&postalCode=10115&total=1999&currency=EUR&weightGrams=300", customer)).Expect(HttpStatusCode.OK);
        (await shipping.GetAsync("options?country=Germany", customer)).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.GetAsync("options?country=DE&currency=euro", customer)).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.GetAsync("zones", customer)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await shipping.GetAsync("methods", TestCredentials.Of("clerk", "shipping:read"))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lists_go_page_by_page()
    {
        foreach (var code in new[] { "page-b", "page-a", "page-c" })
        {
            (await shipping.PostAsync("zones", Zone(code, "AQ"))).Expect(HttpStatusCode.Created);
        }

        var seen = new List<string>();
        for (var cursor = string.Empty; cursor is not null;)
        {
            var page = (await shipping.GetAsync("zones?limit=2" + (cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : string.Empty))).Expect(HttpStatusCode.OK).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("code").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
        Assert.Equal(3, seen.Count(static code => code.StartsWith("page-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sample_data_offers_delivery_everywhere_and_is_filled_in_once()
    {
        await using var host = await ModuleHost.StartAsync(typeof(ShippingModule).Assembly);
        var filled = new List<int>();
        for (var round = 0; round < 2; round++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var sample = scope.ServiceProvider.GetServices<ISampleData>().OfType<SampleShipping>().Single();
            filled.Add(await sample.FillAsync(new Progress<(int Done, int Total)>(), CancellationToken.None));
        }

        var options = await host.SendAsync(new GetShippingOptions("NZ", null, null, new Money(1_000, "EUR"), 0));
        Assert.Equal([8, 0], filled);
        Assert.Equal(["pickup", "to-point", "standard", "express"], options.Select(static option => option.Method));
        Assert.Equal(490, options[2].Price.Amount);
        var points = await host.SendAsync(new FindPickupPoints("DE", null, "10178", new Money(1_000, "EUR"), 0, "to-point", 10));
        Assert.Equal(["kiosk-alexanderplatz", "shop", "locker-altona"], points.Select(static point => point.Code));
    }

    private static object Zone(string code, string country) => new { code, title = code, areas = new[] { new { country } } };

    private static object Method(string code, string zone, long price, long? freeFrom = null) =>
        new { code, title = "Standard", kind = "delivery", zone, rates = Rates(price, freeFrom) };

    private static object Content(string zone, long price) => new { title = "Standard", kind = "delivery", zone, rates = Rates(price, null) };

    private static Rate[] Rates(long price, long? freeFrom) => [new("flat", new Euro(price), freeFrom is { } from ? new Euro(from) : null)];

    private async Task<IEnumerable<long>> PricesAsync(string country, long total = 0) =>
        (await shipping.GetAsync($"options?country={country}&total={total}")).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()
            .Select(static option => option.GetProperty("price").GetProperty("amount").GetInt64()).ToList();

    private sealed record Rate([property: JsonPropertyName("kind")] string Kind, [property: JsonPropertyName("price")] Euro Price, [property: JsonPropertyName("freeFrom")] Euro? FreeFrom);

    private sealed record Euro([property: JsonPropertyName("amount")] long Amount)
    {
        [JsonPropertyName("currency")]
        public string Currency => "EUR";
    }
}
