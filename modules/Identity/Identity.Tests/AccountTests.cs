using System.Net;
using System.Text.Json;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Identity.Tests;

public sealed class AccountTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    private const string Another = "eight loud lighthouses";

    [Fact]
    public async Task Another_password_ends_the_other_sessions()
    {
        var person = await identity.PersonAsync();
        var other = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        var own = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;

        var answer = await identity.PostAsync("/account/password", new { currentPassword = person.Password, newPassword = Another }, person.In(own));

        answer.Expect(HttpStatusCode.NoContent);
        Assert.False(await identity.IsActiveAsync(other));
        Assert.True(await identity.IsActiveAsync(own));
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password)).Status);
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, Another)).Status);
    }

    [Fact]
    public async Task The_current_password_cannot_be_guessed_with_a_stolen_session()
    {
        var person = await identity.PersonAsync();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            (await identity.PostAsync("/account/password", new { currentPassword = "a guess of the password", newPassword = Another }, person.Caller))
                .Problem(HttpStatusCode.Forbidden, "password-refused");
        }

        (await identity.PostAsync("/account/password", new { currentPassword = person.Password, newPassword = Another }, person.Caller)).Problem(HttpStatusCode.Forbidden, "password-refused");
        Assert.Equal(SignInStatus.Locked, (await identity.SignInAsync(person.Email, person.Password)).Status);
    }

    [Fact]
    public async Task A_change_that_loses_every_race_is_a_conflict_which_the_description_has()
    {
        var person = await identity.PersonAsync();
        await using var source = NpgsqlDataSource.Create(identity.Host.ConnectionString);
        await using (var quicker = source.CreateCommand($"""
            create function identity.lose_race() returns trigger language plpgsql as 'begin raise exception ''Somebody was quicker.'' using errcode = ''serialization_failure''; end';
            create trigger lose_race before update on identity.mt_doc_account for each row when (old.id = '{person.Id}') execute function identity.lose_race()
            """))
        {
            await quicker.ExecuteNonQueryAsync();
        }

        var answer = await identity.PostAsync("/account/password", new { currentPassword = person.Password, newPassword = Another }, person.Caller);

        answer.Problem(HttpStatusCode.Conflict, "concurrent-change");
        using var description = JsonDocument.Parse(await identity.Host.Client.GetStringAsync("/openapi/v1.json"));
        var described = description.RootElement.GetProperty("paths").GetProperty("/api/identity/account/password").GetProperty("post").GetProperty("responses").GetProperty("409");
        var example = description.RootElement.GetProperty("components").GetProperty("examples").GetProperty("concurrent-change").GetProperty("value");
        Assert.Equal("#/components/examples/concurrent-change", described.GetProperty("content").GetProperty("application/problem+json").GetProperty("examples").GetProperty("concurrent-change").GetProperty("$ref").GetString());
        Assert.All((string[])["type", "title", "status", "detail"], member => Assert.Equal(example.GetProperty(member).ToString(), answer.Json.GetProperty(member).ToString()));
        await using (var again = source.CreateCommand("drop function identity.lose_race() cascade"))
        {
            await again.ExecuteNonQueryAsync();
        }

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password)).Status);
    }

    [Fact]
    public async Task A_short_new_password_is_refused_and_changes_nothing()
    {
        var person = await identity.PersonAsync();

        (await identity.PostAsync("/account/password", new { currentPassword = person.Password, newPassword = "tiny words" }, person.Caller)).Problem(HttpStatusCode.BadRequest, "validation");

        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password)).Status);
    }

    [Fact]
    public async Task A_forgotten_password_is_replaced_by_a_link_that_works_once()
    {
        var person = await identity.PersonAsync();
        var session = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        var mail = await identity.ResetMailAsync(person.Email);
        Assert.Equal((MailKind.ResetPassword, person.Email), (mail!.Kind, mail.To));

        (await identity.PostAsync("/password-resets/complete", new { token = mail.Token, newPassword = Another })).Expect(HttpStatusCode.NoContent);

        (await identity.PostAsync("/password-resets/complete", new { token = mail.Token, newPassword = Another + "!" })).Problem(HttpStatusCode.Conflict, "link-invalid");
        Assert.False(await identity.IsActiveAsync(session));
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, Another)).Status);
    }

    [Fact]
    public async Task One_link_used_twice_at_once_has_one_effect()
    {
        var person = await identity.PersonAsync();
        var mail = await identity.ResetMailAsync(person.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(turn => identity.PostAsync("/password-resets/complete", new { token = mail!.Token, newPassword = $"{Another} {turn}" })));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Other_links_end_with_the_first_that_is_used_and_by_time()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var person = await own.PersonAsync();
        var first = await own.ResetMailAsync(person.Email);
        var second = await own.ResetMailAsync(person.Email);
        (await own.PostAsync("/password-resets/complete", new { token = second!.Token, newPassword = Another })).Expect(HttpStatusCode.NoContent);
        (await own.PostAsync("/password-resets/complete", new { token = first!.Token, newPassword = Another })).Problem(HttpStatusCode.Conflict, "link-invalid");

        var late = await own.ResetMailAsync(person.Email);
        own.Host.Time.Advance(TimeSpan.FromMinutes(61));
        (await own.PostAsync("/password-resets/complete", new { token = late!.Token, newPassword = Another })).Problem(HttpStatusCode.Conflict, "link-invalid");
    }

    [Fact]
    public async Task Asking_for_a_reset_does_not_tell_whether_the_address_has_an_account()
    {
        var person = await identity.PersonAsync();

        var known = await identity.PostAsync("/password-resets", new { email = person.Email });
        var unknown = await identity.PostAsync("/password-resets", new { email = IdentityHost.NewEmail() });

        Assert.Equal((HttpStatusCode.Accepted, string.Empty), (known.Status, known.Text));
        Assert.Equal((known.Status, known.Text), (unknown.Status, unknown.Text));
        Assert.Null(await identity.ResetMailAsync(IdentityHost.NewEmail()));
    }

    [Fact]
    public async Task A_mailbox_cannot_be_filled()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var email = IdentityHost.NewEmail();
        for (var turn = 0; turn < 8; turn++)
        {
            (await own.PostAsync("/password-resets", new { email })).Expect(HttpStatusCode.Accepted);
        }

        Assert.Equal(5, (await own.Host.PublishedAsync<PasswordResetRequested>()).Count);
    }

    [Fact]
    public async Task Tokens_that_are_none_are_refused()
    {
        foreach (var token in new[] { "x", "%%%", new string('A', 400), "CfDJ8" + new string('x', 100) })
        {
            (await identity.PostAsync("/password-resets/complete", new { token, newPassword = Another })).Problem(HttpStatusCode.Conflict, "link-invalid");
        }
    }

    [Fact]
    public async Task Another_address_is_taken_when_its_link_is_followed_and_the_old_one_is_told()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var person = await own.PersonAsync();
        var address = IdentityHost.NewEmail();
        (await own.PostAsync("/account/email", new { newEmail = address, password = person.Password }, person.Caller)).Expect(HttpStatusCode.Accepted);
        var mail = await own.Host.SendAsync(new GetMail((await own.Host.PublishedAsync<EmailChangeRequested>())[^1].MailId));
        Assert.Equal((MailKind.ConfirmEmailChange, address), (mail!.Kind, mail.To));
        var session = (await own.SignInAsync(person.Email, person.Password)).SessionId!.Value;

        (await own.PostAsync("/email-changes/complete", new { token = mail.Token })).Expect(HttpStatusCode.NoContent);

        Assert.False(await own.IsActiveAsync(session));
        Assert.Equal(SignInStatus.SignedIn, (await own.SignInAsync(address, person.Password)).Status);
        Assert.Equal(SignInStatus.Refused, (await own.SignInAsync(person.Email, person.Password)).Status);
        var notice = await own.Host.SendAsync(new GetMail((await own.Host.PublishedAsync<EmailChanged>())[^1].MailId));
        Assert.Equal((MailKind.EmailChanged, person.Email), (notice!.Kind, notice.To));
        (await own.PostAsync("/email-changes/complete", new { token = mail.Token })).Problem(HttpStatusCode.Conflict, "link-invalid");
    }

    [Fact]
    public async Task A_deleted_account_is_gone_with_its_sessions()
    {
        var person = await identity.PersonAsync();
        var session = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        (await identity.PostAsync("/account/delete", new { password = "not the right password" }, person.Caller)).Problem(HttpStatusCode.Forbidden, "password-refused");

        (await identity.PostAsync("/account/delete", new { password = person.Password }, person.Caller)).Expect(HttpStatusCode.NoContent);

        Assert.False(await identity.IsActiveAsync(session));
        (await identity.GetAsync("/account", person.Caller)).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(person.Email, person.Password)).Status);
        await identity.PersonAsync(person.Email);
    }

    [Fact]
    public async Task Sessions_are_listed_to_their_owner_and_ended_by_nobody_else()
    {
        var (person, other) = (await identity.PersonAsync(), await identity.PersonAsync());
        var first = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        var second = (await identity.SignInAsync(person.Email, person.Password)).SessionId!.Value;

        var list = (await identity.GetAsync("/account/sessions", person.In(second))).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([(second, true), (first, false)], list.Select(item => (item.GetProperty("id").GetGuid(), item.GetProperty("isCurrent").GetBoolean())));

        (await identity.SendAsync(HttpMethod.Delete, $"/account/sessions/{first}", null, other.Caller)).Problem(HttpStatusCode.NotFound, "not-found");
        Assert.True(await identity.IsActiveAsync(first));
        (await identity.PostAsync("/account/sessions/revoke-others", null, person.In(second))).Expect(HttpStatusCode.NoContent);
        Assert.False(await identity.IsActiveAsync(first));
        Assert.True(await identity.IsActiveAsync(second));
    }

    [Fact]
    public async Task The_account_is_shown_to_its_owner_only()
    {
        var person = await identity.PersonAsync();

        Assert.Equal(person.Email, (await identity.GetAsync("/account", person.Caller)).Expect(HttpStatusCode.OK).Json.GetProperty("email").GetString());
        (await identity.GetAsync("/account")).Problem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await identity.GetAsync("/account", TestCredentials.Of("guest:" + Guid.NewGuid()))).Problem(HttpStatusCode.Forbidden, "forbidden");
    }
}
