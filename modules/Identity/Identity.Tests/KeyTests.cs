using System.Net;
using System.Text.Json;
using Marten;
using ModularMonolith.Identity.Keys;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

/// <summary>Each test turns the clock, so each has a host of its own.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private readonly IdentityHost _identity = new();

    public Task InitializeAsync() => _identity.InitializeAsync();

    public Task DisposeAsync() => _identity.DisposeAsync();

    [Fact]
    public async Task The_next_key_is_published_before_it_signs_and_the_old_one_as_long_as_its_tokens_are_good()
    {
        var person = await _identity.AdminAsync();
        var first = KeyOf(await _identity.SignInAsync(person));
        Assert.Equal([first], await PublishedAsync());

        _identity.Host.Time.Advance(TimeSpan.FromDays(29));
        await _identity.Host.SendAsync(new RotateKeys());
        await _identity.Host.SendAsync(new RotateKeys());
        _identity.Host.Time.Advance(TimeSpan.FromMinutes(2));
        var published = await PublishedAsync();
        Assert.Equal(2, published.Count);
        var late = await _identity.SignInAsync(person);
        Assert.Equal(first, KeyOf(late));

        // A host that starts now knows both.
        await using var second = await _identity.Host.StartAnotherAsync();
        _identity.Host.Time.Advance(TimeSpan.FromDays(1));
        var tokens = await _identity.SignInAsync(person);
        Assert.Equal(published.Single(key => key != first), KeyOf(tokens));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/identity/clients") { Headers = { Authorization = Bearer(tokens.Access) } };
        using var answer = await second.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await _identity.Host.SendAsync(new RotateKeys());
        Assert.Contains(first, await PublishedAsync());
        _identity.Host.Time.Advance(TimeSpan.FromHours(2));
        await _identity.Host.SendAsync(new RotateKeys());
        _identity.Host.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(first, await PublishedAsync());
    }

    [Fact]
    public async Task A_token_of_the_old_key_is_good_after_the_new_one_has_begun()
    {
        var person = await _identity.AdminAsync();
        var first = KeyOf(await _identity.SignInAsync(person));
        _identity.Host.Time.Advance(TimeSpan.FromDays(29));
        await _identity.Host.SendAsync(new RotateKeys());
        _identity.Host.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1));
        var old = await _identity.SignInAsync(person);
        Assert.Equal(first, KeyOf(old));
        _identity.Host.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEqual(first, KeyOf(await _identity.SignInAsync(person)));
        (await _identity.GetAsync("/clients", Bearer(old.Access))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Hosts_that_start_together_make_one_key_and_its_private_part_is_not_readable_in_the_database()
    {
        await using var second = await _identity.Host.StartAnotherAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async number => (await (number % 2 == 0 ? _identity.Host : second).Client.GetAsync("/.well-known/jwks.json")).EnsureSuccessStatusCode()));
        await using var session = _identity.Store.QuerySession();
        var key = Assert.Single(await session.Query<SigningKey>().ToListAsync());
        using var opened = System.Security.Cryptography.ECDsa.Create();
        Assert.ThrowsAny<Exception>(() => opened.ImportPkcs8PrivateKey(System.Buffers.Text.Base64Url.DecodeFromChars(key.PrivateKey), out _));
        Assert.DoesNotContain(key.PrivateKey, await _identity.Host.Client.GetStringAsync("/.well-known/jwks.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metadata_names_the_operations_and_both_addresses_say_the_same()
    {
        var openId = await _identity.Host.Client.GetStringAsync("/.well-known/openid-configuration");
        Assert.Equal(openId, await _identity.Host.Client.GetStringAsync("/.well-known/oauth-authorization-server"));
        var metadata = JsonDocument.Parse(openId).RootElement;
        Assert.Equal("https://shop.example", metadata.GetProperty("issuer").GetString());
        Assert.Equal("https://shop.example/api/identity/oauth/token", metadata.GetProperty("token_endpoint").GetString());
        Assert.Equal(["S256"], metadata.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(static value => value.GetString()));
    }

    private static string KeyOf(Tokens tokens) => Read(tokens.Access, 0).GetProperty("kid").GetString()!;

    private async Task<IReadOnlyList<string>> PublishedAsync()
    {
        var set = JsonDocument.Parse(await _identity.Host.Client.GetStringAsync("/.well-known/jwks.json")).RootElement;
        Assert.All(set.GetProperty("keys").EnumerateArray(), static key => Assert.False(key.TryGetProperty("d", out _)));
        return [.. set.GetProperty("keys").EnumerateArray().Select(static key => key.GetProperty("kid").GetString()!)];
    }
}
