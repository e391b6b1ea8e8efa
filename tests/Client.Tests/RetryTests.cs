using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace ModularMonolith.Client.Tests;

public sealed class RetryTests
{
    private const string Locations = """{ "items": [{ "code": "main", "name": "Main", "priority": 0, "country": null, "region": null, "postalCode": null, "latitude": null, "longitude": null, "isActive": true, "fulfils": true }], "next": null }""";
    private const string Stock = """{ "sku": "A", "location": "main", "onHand": 1, "reserved": 0, "available": 1 }""";
    private const string Location = """{ "code": "x", "name": "X", "priority": 0, "country": null, "region": null, "postalCode": null, "latitude": null, "longitude": null, "isActive": true, "fulfils": true }""";

    private static readonly RetryConditionHeaderValue AtOnce = new(TimeSpan.Zero);

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_read_that_was_refused_for_the_moment_is_repeated(HttpStatusCode status)
    {
        using var network = new Answers(Answers.Busy(status, AtOnce), Answers.Busy(status, AtOnce), Answers.Json(HttpStatusCode.OK, Locations));

        var locations = await network.Repeating().Inventory.ListLocationsAsync();

        Assert.Equal("main", Assert.Single(locations.Items).Code);
        Assert.Equal(3, network.Requests.Count);
    }

    [Fact]
    public async Task The_wait_is_what_the_answer_asks_for()
    {
        using var network = new Answers(Answers.Busy(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(1))), Answers.Json(HttpStatusCode.OK, Locations));
        var began = Stopwatch.GetTimestamp();

        await network.Repeating().Inventory.ListLocationsAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(950), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_wait_beyond_the_deadline_is_left_to_the_caller()
    {
        using var network = new Answers(Answers.Busy(HttpStatusCode.TooManyRequests, new RetryConditionHeaderValue(TimeSpan.FromSeconds(60))));

        var refused = await Assert.ThrowsAsync<ApiException>(() => network.Repeating(TimeSpan.FromSeconds(5)).Inventory.ListLocationsAsync());

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(60), "busy"), (refused.Status, refused.RetryAfter, refused.Kind));
        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task A_change_with_a_key_is_repeated_with_the_same_key_and_body()
    {
        using var network = new Answers(Answers.Lost(), Answers.Busy(HttpStatusCode.ServiceUnavailable, AtOnce), Answers.Json(HttpStatusCode.OK, Stock));

        await network.Repeating().Inventory.ReceiveStockAsync(new ReceiveStock { Sku = "A", Quantity = 1 });

        Assert.Equal(3, network.Requests.Count);
        var sent = Assert.Single(network.Requests.Distinct());
        Assert.True(Guid.TryParse(sent.Key, out _));
        Assert.Equal("""{"sku":"A","quantity":1}""", sent.Body);
    }

    [Fact]
    public async Task Two_calls_have_two_keys_unless_the_caller_gives_one()
    {
        using var network = new Answers(Answers.Json(HttpStatusCode.OK, Stock));
        var client = network.Repeating();

        await client.Inventory.ReceiveStockAsync(new ReceiveStock { Sku = "A", Quantity = 1 });
        await client.Inventory.ReceiveStockAsync(new ReceiveStock { Sku = "A", Quantity = 1 });
        await client.Inventory.ReceiveStockAsync(new ReceiveStock { Sku = "A", Quantity = 1 }, idempotencyKey: "delivery-7");

        Assert.Equal(3, network.Requests.Select(static sent => sent.Key).Distinct().Count());
        Assert.Equal("delivery-7", network.Requests[2].Key);
    }

    [Fact]
    public async Task A_change_without_a_key_is_sent_once()
    {
        using var refusing = new Answers(Answers.Busy(HttpStatusCode.ServiceUnavailable, AtOnce), Answers.Json(HttpStatusCode.Created, Location));
        using var cut = new Answers(Answers.Lost(), Answers.Json(HttpStatusCode.Created, Location));

        await Assert.ThrowsAsync<ApiException>(() => refusing.Repeating().Inventory.CreateLocationAsync(new CreateLocation { Code = "x", Name = "X" }));
        await Assert.ThrowsAsync<HttpRequestException>(() => cut.Repeating().Inventory.CreateLocationAsync(new CreateLocation { Code = "x", Name = "X" }));

        Assert.Single(refusing.Requests);
        Assert.Single(cut.Requests);
    }

    [Fact]
    public async Task A_guarded_change_that_was_lost_is_not_repeated_because_it_may_have_been_made()
    {
        using var network = new Answers(Answers.Lost());

        await Assert.ThrowsAsync<HttpRequestException>(() => network.Repeating().Identity.DeleteRoleAsync("buyer", "\"v1\""));

        Assert.Single(network.Requests);
    }

    [Fact]
    public async Task What_stays_refused_is_given_up_after_four_attempts()
    {
        using var network = new Answers(Answers.Busy(HttpStatusCode.ServiceUnavailable, AtOnce));

        await Assert.ThrowsAsync<ApiException>(() => network.Repeating().Inventory.ListLocationsAsync());

        Assert.Equal(4, network.Requests.Count);
    }
}
