using System.Net;
using System.Net.Http.Json;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Identity.Tests;

public sealed class SignInLimitTests : IAsyncLifetime
{
    private ModuleHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await ModuleHost.StartAsync(typeof(IdentityModule).Assembly, settings: new Dictionary<string, string?>(IdentityHost.Settings) { ["RateLimits:SignIns"] = "3" });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Whoever_tries_passwords_out_is_slowed_down_at_every_place_where_that_is_possible_and_can_still_read_the_rest()
    {
        var statuses = new List<HttpStatusCode>();
        for (var number = 0; number < 2; number++)
        {
            statuses.Add(await PostAsync("/sign-in", new { email = "nobody@example.com", password = "not the password " + number }));
            statuses.Add(await PostAsync("/password-resets/complete", new { token = "guessed", password = "a new password " + number }));
        }

        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, statuses.Take(3));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[3]);
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/password-resets", new { email = "nobody@example.com" }));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/sign-in/passkey", new { }));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync("/accounts", new { email = "nobody@example.com", password = "a password of nobody" }));
        using var other = await _host.Client.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private async Task<HttpStatusCode> PostAsync(string path, object body)
    {
        using var answer = await _host.Client.PostAsJsonAsync(IdentityHost.Base + path, body);
        return answer.StatusCode;
    }
}
