using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Passkeys;
using ModularMonolith.Identity.SignIns;

namespace ModularMonolith.Identity.Tests;

public sealed class PasskeyTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_registered_passkey_signs_in_without_a_password()
    {
        using var device = new SoftwareAuthenticator();
        var person = await identity.PersonAsync();
        (await RegisterAsync(person, device)).Expect(HttpStatusCode.Created);

        var outcome = await SignInAsync(await AskAsync(), device);

        Assert.Equal((SignInStatus.SignedIn, person.Id), (outcome.Status, outcome.AccountId!.Value));
        Assert.True(await identity.IsActiveAsync(outcome.SessionId!.Value));
        Assert.Equal(SignInStatus.SignedIn, (await SignInAsync(await AskAsync(), device)).Status);
    }

    [Fact]
    public async Task A_passkey_gets_tokens_as_a_password_does()
    {
        using var device = new SoftwareAuthenticator();
        var person = await identity.PersonAsync();
        (await RegisterAsync(person, device)).Expect(HttpStatusCode.Created);
        var question = await AskAsync();
        var body = new { challengeId = question.Id, credential = device.Get(question.Options) };

        var tokens = Tokens.From(await identity.PostAsync("/sign-in/passkey", body));

        Assert.Equal(person.Id.ToString(), TokenCalls.Read(tokens.Access).GetProperty("sub").GetString());
        (await identity.PostAsync("/sign-in/passkey", body)).Problem(HttpStatusCode.Unauthorized, "sign-in-refused");
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        using var device = new SoftwareAuthenticator { Counts = false };
        (await RegisterAsync(await identity.PersonAsync(), device)).Expect(HttpStatusCode.Created);
        var question = await AskAsync();
        var answer = device.Get(question.Options);

        Assert.Equal(SignInStatus.SignedIn, (await SendAsync(question.Id, answer)).Status);
        Assert.Equal(SignInStatus.Refused, (await SendAsync(question.Id, answer)).Status);
        Assert.Equal(SignInStatus.Refused, (await SendAsync((await AskAsync()).Id, answer)).Status);
    }

    [Fact]
    public async Task Answers_of_strangers_other_sites_and_locked_devices_are_refused()
    {
        using var device = new SoftwareAuthenticator();
        using var stranger = new SoftwareAuthenticator();
        (await RegisterAsync(await identity.PersonAsync(), device)).Expect(HttpStatusCode.Created);

        Assert.Equal(SignInStatus.Refused, (await SignInAsync(await AskAsync(), stranger)).Status);
        device.Origin = "https://shop.example.attacker.example";
        Assert.Equal(SignInStatus.Refused, (await SignInAsync(await AskAsync(), device)).Status);
        device.Origin = "https://www.shop.example";
        device.VerifiesUser = false;
        Assert.Equal(SignInStatus.Refused, (await SignInAsync(await AskAsync(), device)).Status);
        device.VerifiesUser = true;
        Assert.Equal(SignInStatus.SignedIn, (await SignInAsync(await AskAsync(), device)).Status);
    }

    [Fact]
    public async Task A_passkey_belongs_to_one_account_and_its_question_to_whoever_asked()
    {
        using var device = new SoftwareAuthenticator();
        var (person, other) = (await identity.PersonAsync(), await identity.PersonAsync());
        (await identity.PostAsync("/account/passkeys/options", new { password = "not the right password" }, person.Caller)).Problem(HttpStatusCode.Forbidden, "password-refused");
        var question = (await identity.PostAsync("/account/passkeys/options", new { password = person.Password }, person.Caller)).Expect(HttpStatusCode.OK).Json;
        var body = new { challengeId = question.GetProperty("challengeId").GetGuid(), credential = device.Create(question.GetProperty("options")), name = "Phone" };

        (await identity.PostAsync("/account/passkeys", body, other.Caller)).Problem(HttpStatusCode.Forbidden, "passkey-refused");
        (await identity.PostAsync("/account/passkeys", body, person.Caller)).Expect(HttpStatusCode.Created);
        (await RegisterAsync(other, device)).Problem(HttpStatusCode.Forbidden, "passkey-refused");
    }

    [Fact]
    public async Task A_removed_passkey_signs_in_no_more()
    {
        using var device = new SoftwareAuthenticator();
        var (person, other) = (await identity.PersonAsync(), await identity.PersonAsync());
        (await RegisterAsync(person, device)).Expect(HttpStatusCode.Created);
        var passkey = (await identity.GetAsync("/account/passkeys", person.Caller)).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Single();
        var path = "/account/passkeys/" + passkey.GetProperty("id").GetString();

        (await identity.SendAsync(HttpMethod.Delete, path, null, other.Caller)).Problem(HttpStatusCode.NotFound, "not-found");
        (await identity.SendAsync(HttpMethod.Delete, path, null, person.Caller)).Expect(HttpStatusCode.NoContent);

        Assert.Equal(SignInStatus.Refused, (await SignInAsync(await AskAsync(), device)).Status);
    }

    private async Task<Answer> RegisterAsync(Person person, SoftwareAuthenticator device)
    {
        var question = (await identity.PostAsync("/account/passkeys/options", new { password = person.Password }, person.Caller)).Expect(HttpStatusCode.OK).Json;
        return await identity.PostAsync(
            "/account/passkeys",
            new { challengeId = question.GetProperty("challengeId").GetGuid(), credential = device.Create(question.GetProperty("options")), name = "Phone" },
            person.Caller);
    }

    private async Task<(Guid Id, JsonElement Options)> AskAsync()
    {
        var question = (await identity.PostAsync("/passkeys/options")).Expect(HttpStatusCode.OK).Json;
        return (question.GetProperty("challengeId").GetGuid(), question.GetProperty("options"));
    }

    private Task<SignInOutcome> SignInAsync((Guid Id, JsonElement Options) question, SoftwareAuthenticator device) => SendAsync(question.Id, device.Get(question.Options));

    private Task<SignInOutcome> SendAsync(Guid challengeId, object credential)
    {
        identity.Host.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext();
        return identity.Host.SendAsync(new SignInWithPasskey(challengeId, JsonSerializer.SerializeToElement(credential), IdentityHost.Origin));
    }
}
