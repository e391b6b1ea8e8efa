using System.Net;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;

namespace ModularMonolith.Platform.Tests;

/// <summary>The conventions that only an endpoint made for it can show: deprecation, the limit on sign-in, parameters that are ignored.</summary>
public sealed class EndpointConventionTests(NotesHost notes) : IClassFixture<NotesHost>
{
    [Fact]
    public async Task Convention_33_a_deprecated_endpoint_announces_its_end()
    {
        using var answer = await notes.Host.Client.GetAsync("/api/notes/old");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("@1767225600", Assert.Single(answer.Headers.GetValues("Deprecation")));
        Assert.Equal("Fri, 01 Jan 2027 00:00:00 GMT", Assert.Single(answer.Headers.GetValues("Sunset")));
        Assert.Equal("</docs/#/notes>; rel=\"deprecation\"; type=\"text/html\"", Assert.Single(answer.Headers.GetValues("Link")));
        var document = JsonNode.Parse(await notes.Host.Client.GetStringAsync("/openapi/v1.json"))!;
        Assert.True((bool)document["paths"]!["/api/notes/old"]!["get"]!["deprecated"]!);
        Assert.Null(document["paths"]!["/api/notes/closed"]!["get"]!["deprecated"]);
        using var current = await notes.Host.Client.GetAsync("/api/notes/closed");
        Assert.False(current.Headers.Contains("Deprecation"));
    }

    [Fact]
    public async Task Convention_32_sign_in_has_a_limit_of_its_own()
    {
        await using var host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly, settings: new Dictionary<string, string?> { ["RateLimits:SignIns"] = "3" });
        for (var number = 1; number <= 3; number++)
        {
            using var served = await host.Client.PostAsync("/api/notes/sign-ins", null);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal("\"sign-in\";q=3;w=60, \"default\";q=1000000;w=60", string.Join(", ", served.Headers.GetValues("RateLimit-Policy")));
        }

        // Whoever one says to be: the limit is the address's.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes/sign-ins") { Headers = { Authorization = TestCredentials.Of("ann") } };
        using var refused = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var other = await host.Client.GetAsync("/api/notes/closed");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("/api/notes/loose?known=a&other=b", HttpStatusCode.OK)]
    [InlineData("/api/notes/closed?other=b", HttpStatusCode.BadRequest)]
    public async Task Convention_22_an_endpoint_can_ignore_parameters_where_its_standard_demands_it(string path, HttpStatusCode status)
    {
        using var answer = await notes.Host.Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
    }
}
