using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.ApiKeys;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

public sealed class ApiKeyTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_key_may_what_it_was_given_and_its_use_is_noted()
    {
        var (admin, key) = await MakeAsync("identity:manage");
        (await identity.GetAsync("/clients", Header(key))).Expect(HttpStatusCode.OK);

        var (_, other) = await MakeAsync("log:read");
        (await identity.GetAsync("/clients", Header(other))).Problem(HttpStatusCode.Forbidden, "forbidden");

        var listed = (await identity.GetAsync("/api-keys", admin)).Expect(HttpStatusCode.OK);
        var shown = Assert.Single(listed.Json.GetProperty("items").EnumerateArray());
        Assert.NotEqual(JsonValueKind.Null, shown.GetProperty("lastUsedAt").ValueKind);
        Assert.DoesNotContain(Header(key).Parameter!.Split('.')[1], listed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_no_account()
    {
        var (_, key) = await MakeAsync("identity:manage");
        (await identity.PostAsync("/api-keys", new { name = "more", permissions = (string[])["identity:manage"], days = 1 }, Header(key))).Problem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_wrong_secret_or_an_unknown_key_is_refused()
    {
        var (_, key) = await MakeAsync("identity:manage");
        var parts = Header(key).Parameter!.Split('.');
        foreach (var wrong in (string[])[parts[0], $"{parts[0]}.{new string('A', 43)}", $"{Guid.NewGuid():N}.{parts[1]}", $"{parts[0]}.", "x.y", $"{parts[0]}.{parts[1]}.z"])
        {
            (await identity.GetAsync("/clients", new("ApiKey", wrong))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
        }
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        var (admin, key) = await MakeAsync("identity:manage");
        (await identity.GetAsync("/clients", Header(key))).Expect(HttpStatusCode.OK);
        var id = key.GetProperty("key").GetProperty("id").GetString();
        (await identity.SendAsync(HttpMethod.Delete, "/api-keys/" + id, null, TestCredentials.Of(Guid.NewGuid().ToString()))).Problem(HttpStatusCode.NotFound, "not-found");
        (await identity.SendAsync(HttpMethod.Delete, "/api-keys/" + id, null, admin)).Expect(HttpStatusCode.NoContent);
        (await identity.GetAsync("/clients", Header(key))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
    }

    [Fact]
    public async Task An_expired_key_is_refused_also_when_it_was_just_used()
    {
        var (_, key) = await MakeAsync("identity:manage");
        identity.Host.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(20));
        (await identity.GetAsync("/clients", Header(key))).Expect(HttpStatusCode.OK);
        identity.Host.Time.Advance(TimeSpan.FromSeconds(21));
        (await identity.GetAsync("/clients", Header(key))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
    }

    [Fact]
    public async Task A_key_can_have_only_what_its_maker_holds_and_loses_it_with_them()
    {
        (await identity.PostAsync("/api-keys", new { name = "k", permissions = (string[])["identity:manage"], days = 1 }, TestCredentials.Of(Guid.NewGuid().ToString(), "log:read")))
            .Problem(HttpStatusCode.Forbidden, "forbidden");

        var (_, key) = await MakeAsync("identity:manage");
        (await identity.GetAsync("/clients", Header(key))).Expect(HttpStatusCode.OK);
        await using (var session = identity.Store.LightweightSession())
        {
            var stored = await session.LoadAsync<ApiKey>(key.GetProperty("key").GetProperty("id").GetGuid());
            var account = await session.LoadAsync<Account>(stored!.AccountId);
            account!.Roles.Clear();
            session.Update(account);
            await session.SaveChangesAsync();
        }

        identity.Host.Time.Advance(TimeSpan.FromSeconds(31));
        (await identity.GetAsync("/clients", Header(key))).Problem(HttpStatusCode.Forbidden, "forbidden");
    }

    private static AuthenticationHeaderValue Header(JsonElement created) => AuthenticationHeaderValue.Parse(created.GetProperty("authorization").GetString()!);

    private async Task<(AuthenticationHeaderValue Maker, JsonElement Created)> MakeAsync(string permission)
    {
        var tokens = await identity.SignInAsync(await identity.AdminAsync());
        var created = (await identity.PostAsync("/api-keys", new { name = "a machine", permissions = (string[])[permission], days = 1 }, Bearer(tokens.Access))).Expect(HttpStatusCode.Created).Json;
        return (Bearer(tokens.Access), created);
    }
}
