using System.Net;
using Marten;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.SignIns;

namespace ModularMonolith.Identity.Tests;

public sealed class RegistrationTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task The_link_of_the_mail_opens_the_account_once()
    {
        var email = IdentityHost.NewEmail();
        var registration = await identity.RegisterAsync(email);
        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(email, IdentityHost.Password)).Status);

        var mail = await identity.MailOfAsync(registration);
        Assert.Equal((MailKind.VerifyEmail, email), (mail!.Kind, mail.To));
        (await identity.PostAsync("/accounts/verify", new { token = mail.Token })).Expect(HttpStatusCode.Created);

        (await identity.PostAsync("/accounts/verify", new { token = mail.Token })).Problem(HttpStatusCode.Conflict, "link-invalid");
        var outcome = await identity.SignInAsync(email, IdentityHost.Password);
        Assert.Equal(SignInStatus.SignedIn, outcome.Status);
        Assert.NotNull(outcome.SessionId);
    }

    [Fact]
    public async Task The_answer_does_not_tell_whether_the_address_has_an_account_but_the_mail_does()
    {
        var person = await identity.PersonAsync();

        var known = await identity.RegisterAsync(person.Email.ToUpperInvariant());
        var unknown = await identity.RegisterAsync(IdentityHost.NewEmail());

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (known.Status, unknown.Status));
        Assert.Equal(unknown.Json.EnumerateObject().Select(member => member.Name), known.Json.EnumerateObject().Select(member => member.Name));
        var mail = await identity.MailOfAsync(known);
        Assert.Equal((MailKind.AddressInUse, null), (mail!.Kind, mail.Token));
    }

    [Fact]
    public async Task Registrations_of_one_address_at_once_open_one_account()
    {
        var email = IdentityHost.NewEmail();
        var registrations = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => identity.RegisterAsync(email)));
        var mails = await Task.WhenAll(registrations.Select(identity.MailOfAsync));

        var answers = await Task.WhenAll(mails.Select(mail => identity.PostAsync("/accounts/verify", new { token = mail!.Token })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => answer.Problem(HttpStatusCode.Conflict, "link-invalid"));
        await using var session = identity.Store.QuerySession();
        Assert.Equal(1, await session.Query<Account>().Where(account => account.Email == email).CountAsync());
    }

    [Fact]
    public async Task Whoever_follows_a_link_gets_the_password_of_that_registration()
    {
        var email = IdentityHost.NewEmail();
        var foreign = await identity.RegisterAsync(email, "somebody elses password");
        var own = await identity.RegisterAsync(email);

        (await identity.PostAsync("/accounts/verify", new { token = (await identity.MailOfAsync(own))!.Token })).Expect(HttpStatusCode.Created);

        Assert.Equal(SignInStatus.Refused, (await identity.SignInAsync(email, "somebody elses password")).Status);
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(email, IdentityHost.Password)).Status);
        Assert.Equal(MailKind.AddressInUse, (await identity.MailOfAsync(foreign))!.Kind);
    }

    [Theory]
    [InlineData("short of it all")]
    [InlineData("password12345678901234567890")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Letmein! Letmein!")]
    [InlineData("12345678901234567890")]
    public async Task A_password_that_is_short_or_tried_first_is_refused(string password)
    {
        var answer = await identity.RegisterAsync(IdentityHost.NewEmail(), password is "short of it all" ? "short of it al" : password);

        var problem = answer.Problem(HttpStatusCode.BadRequest, "validation");
        Assert.Equal("#/password", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("just some words here")]
    [InlineData("été à la plage, hiver")]
    public async Task A_long_password_needs_no_kinds_of_characters(string password)
    {
        var person = await identity.PersonAsync(password: password);
        Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, password)).Status);
    }

    [Fact]
    public async Task The_mail_is_sent_again_a_few_times_and_the_answer_tells_nothing()
    {
        var registration = await identity.RegisterAsync(IdentityHost.NewEmail());
        var id = registration.Json.GetProperty("registrationId").GetGuid();

        for (var turn = 0; turn < 6; turn++)
        {
            (await identity.PostAsync($"/accounts/registrations/{id}/resend")).Expect(HttpStatusCode.Accepted);
        }

        var unknown = (await identity.PostAsync($"/accounts/registrations/{Guid.NewGuid()}/resend")).Expect(HttpStatusCode.Accepted);
        Assert.Empty(unknown.Text);
        Assert.Equal(5, (await identity.Host.PublishedAsync<VerificationRequested>()).Count(mail => mail.MailId == id));
    }

    [Fact]
    public async Task A_registration_that_nobody_verifies_expires_and_is_removed()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var registration = await own.RegisterAsync(IdentityHost.NewEmail());
        var token = (await own.MailOfAsync(registration))!.Token;

        own.Host.Time.Advance(TimeSpan.FromHours(24.1));

        (await own.PostAsync("/accounts/verify", new { token })).Problem(HttpStatusCode.Conflict, "link-invalid");
        Assert.Null(await own.MailOfAsync(registration));
        await own.Host.SendAsync(new RemoveExpired());
        await using var session = own.Store.QuerySession();
        Assert.Equal(0, await session.Query<MailLink>().CountAsync());
    }
}
