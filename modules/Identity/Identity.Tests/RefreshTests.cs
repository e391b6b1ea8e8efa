using System.Net;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Identity.Tokens;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

public sealed class RefreshTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_refresh_token_works_once_and_is_replaced()
    {
        var first = await identity.SignInAsync(await identity.AdminAsync());
        var second = Tokens.From(await identity.RefreshAsync(first.Refresh));
        var third = Tokens.From(await identity.RefreshAsync(second.Refresh));
        Assert.Equal(3, new[] { first.Refresh, second.Refresh, third.Refresh }.Distinct().Count());
        (await identity.GetAsync("/clients", Bearer(third.Access))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_that_was_used_ends_the_family_and_the_session_when_it_comes_again()
    {
        var first = await identity.SignInAsync(await identity.PersonAsync());
        var second = Tokens.From(await identity.RefreshAsync(first.Refresh));
        var third = Tokens.From(await identity.RefreshAsync(second.Refresh));

        AssertError(await identity.RefreshAsync(first.Refresh), "invalid_grant");
        AssertError(await identity.RefreshAsync(third.Refresh), "invalid_grant");
        await using var session = identity.Store.QuerySession();
        Assert.NotNull((await session.LoadAsync<Session>(Guid.Parse(Read(first.Access).GetProperty("sid").GetString()!)))!.RevokedAt);
    }

    [Fact]
    public async Task A_client_that_lost_the_answer_may_ask_again_for_a_moment()
    {
        var first = await identity.SignInAsync(await identity.PersonAsync());
        var lost = Tokens.From(await identity.RefreshAsync(first.Refresh));
        var again = Tokens.From(await identity.RefreshAsync(first.Refresh));
        Tokens.From(await identity.RefreshAsync(again.Refresh));

        // The lost one was replaced. Whoever sends it has read an answer that was not theirs.
        AssertError(await identity.RefreshAsync(lost.Refresh), "invalid_grant");
    }

    [Fact]
    public async Task Asking_again_later_is_reuse()
    {
        var first = await identity.SignInAsync(await identity.PersonAsync());
        var second = Tokens.From(await identity.RefreshAsync(first.Refresh));
        identity.Host.Time.Advance(RefreshFamily.RetryTime + TimeSpan.FromSeconds(1));
        AssertError(await identity.RefreshAsync(first.Refresh), "invalid_grant");
        AssertError(await identity.RefreshAsync(second.Refresh), "invalid_grant");
    }

    [Fact]
    public async Task Of_twenty_uses_at_once_one_successor_works()
    {
        var first = await identity.SignInAsync(await identity.PersonAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => identity.RefreshAsync(first.Refresh)));
        var successors = answers.Select(Tokens.From).Select(static tokens => tokens.Refresh).ToList();
        Assert.Equal(20, successors.Distinct().Count());

        RefreshFamily.TryRead(first.Refresh, out var id, out _);
        await using var session = identity.Store.QuerySession();
        var family = await session.LoadAsync<RefreshFamily>(id);
        var current = Assert.Single(successors, successor => RefreshFamily.TryRead(successor, out _, out var secret) && OpaqueSecret.Matches(secret, family!.CurrentHash));
        Tokens.From(await identity.RefreshAsync(current));
        AssertError(await identity.RefreshAsync(successors.First(successor => successor != current)), "invalid_grant");
    }

    [Fact]
    public async Task Neither_another_client_nor_a_made_up_token_gets_anything()
    {
        var client = await identity.ClientAsync();
        var first = await identity.SignInAsync(await identity.PersonAsync());
        AssertError(await identity.RefreshAsync(first.Refresh, client.Id), "invalid_grant");
        AssertError(await identity.RefreshAsync("nonsense"), "invalid_grant");
        AssertError(await identity.RefreshAsync(Guid.NewGuid().ToString("N") + "." + OpaqueSecret.New()), "invalid_grant");
        Tokens.From(await identity.RefreshAsync(first.Refresh));
    }

    [Fact]
    public async Task A_wider_scope_is_refused_and_a_narrower_one_limits_the_token()
    {
        var first = await identity.SignInAsync(await identity.AdminAsync());
        AssertError(
            await identity.FormAsync("/oauth/token", null, ("grant_type", "refresh_token"), ("refresh_token", first.Refresh), ("client_id", "first-party"), ("scope", "openid log:read")), "invalid_grant");
        var narrow = Tokens.From(await identity.FormAsync("/oauth/token", null, ("grant_type", "refresh_token"), ("refresh_token", first.Refresh), ("client_id", "first-party"), ("scope", "openid")));
        Assert.Equal("openid", Read(narrow.Access).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_revoked_session_gives_no_more_tokens()
    {
        var first = await identity.SignInAsync(await identity.PersonAsync());
        await using (var session = identity.Store.LightweightSession())
        {
            var stored = await session.LoadAsync<Session>(Guid.Parse(Read(first.Access).GetProperty("sid").GetString()!));
            stored!.RevokedAt = identity.Host.Time.GetUtcNow();
            session.Update(stored);
            await session.SaveChangesAsync();
        }

        AssertError(await identity.RefreshAsync(first.Refresh), "invalid_grant");
    }

    [Fact]
    public async Task A_revoked_token_is_of_no_use_and_its_introspection_says_so()
    {
        var client = await identity.ClientAsync(isConfidential: true);
        var person = await identity.PersonAsync();
        var tokens = Tokens.From(await identity.ExchangeAsync(client, await identity.CodeAsync(client, await identity.BrowserAsync(client, person))));

        var access = (await identity.FormAsync("/oauth/introspect", Basic(client), ("token", tokens.Access))).Expect(HttpStatusCode.OK).Json;
        Assert.True(access.GetProperty("active").GetBoolean());
        Assert.Equal(person.Id.ToString(), access.GetProperty("sub").GetString());
        Assert.True((await identity.FormAsync("/oauth/introspect", Basic(client), ("token", tokens.Refresh))).Json.GetProperty("active").GetBoolean());

        AssertError(await identity.FormAsync("/oauth/revoke", Basic(client), ("token", tokens.Access)), "unsupported_token_type");
        (await identity.FormAsync("/oauth/revoke", Basic(client), ("token", "unknown"))).Expect(HttpStatusCode.OK);
        (await identity.FormAsync("/oauth/revoke", Basic(client), ("token", tokens.Refresh))).Expect(HttpStatusCode.OK);
        Assert.Equal("{\"active\":false}", (await identity.FormAsync("/oauth/introspect", Basic(client), ("token", tokens.Access))).Text);
        Assert.Equal("{\"active\":false}", (await identity.FormAsync("/oauth/introspect", Basic(client), ("token", tokens.Refresh))).Text);
    }

    [Fact]
    public async Task Only_clients_that_prove_who_they_are_ask_about_tokens()
    {
        var tokens = await identity.SignInAsync(await identity.PersonAsync());
        var confidential = await identity.ClientAsync(isConfidential: true);
        AssertError(await identity.FormAsync("/oauth/introspect", null, ("token", tokens.Access), ("client_id", "first-party")), "invalid_client", HttpStatusCode.Unauthorized);
        AssertError(await identity.FormAsync("/oauth/introspect", null, ("token", tokens.Access), ("client_id", confidential.Id)), "invalid_client", HttpStatusCode.Unauthorized);
        AssertError(await identity.FormAsync("/oauth/introspect", Basic(confidential with { Secret = "wrong" }), ("token", tokens.Access)), "invalid_client", HttpStatusCode.Unauthorized);
        // Somebody else's refresh token is not told about.
        Assert.Equal("{\"active\":false}", (await identity.FormAsync("/oauth/introspect", Basic(confidential), ("token", tokens.Refresh))).Text);
    }

    internal static void AssertError(Answer answer, string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.True(status == answer.Status, answer.Text);
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
    }
}
