using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using Npgsql;

namespace ModularMonolith.Identity.Tests;

public sealed class SignInTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    private const string Wrong = "not the right password";

    [Fact]
    public async Task Nobody_learns_which_addresses_have_an_account()
    {
        var person = await identity.PersonAsync();

        var known = await identity.SignInAsync(person.Email, Wrong);
        var unknown = await identity.SignInAsync(IdentityHost.NewEmail(), Wrong);

        Assert.Equal(known, unknown);
        Assert.Equal(new SignInOutcome(SignInStatus.Refused), unknown);
    }

    [Fact]
    public async Task An_address_without_an_account_takes_as_long_as_one_with()
    {
        await identity.SignInAsync(IdentityHost.NewEmail(), Wrong);
        var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);

        // The hash is tens of milliseconds, all the rest one or two: without the decoy the ratio is far below this. Other tests make single times longer, and none shorter.
        for (var round = 0; round == 0 || (round < 20 && unknown <= known * 0.5); round++)
        {
            // Others each time, because who fails too often is locked.
            var (person, stranger) = (await identity.PersonAsync(), IdentityHost.NewEmail());
            for (var turn = 0; turn < 3; turn++)
            {
                known = Least(known, await TimeAsync(person.Email));
                unknown = Least(unknown, await TimeAsync(stranger));
            }
        }

        Assert.True(unknown > known * 0.5, $"known {known.TotalMilliseconds} ms, unknown {unknown.TotalMilliseconds} ms");

        static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
    }

    [Fact]
    public async Task After_too_many_failures_the_right_password_is_refused_for_a_time()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var person = await own.PersonAsync();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            Assert.Equal(SignInStatus.Refused, (await own.SignInAsync(person.Email, Wrong)).Status);
        }

        Assert.Equal(SignInStatus.Locked, (await own.SignInAsync(person.Email, person.Password)).Status);
        Assert.Single(await own.Host.PublishedAsync<AccountLocked>());
        own.Host.Time.Advance(TimeSpan.FromMinutes(15.1));
        Assert.Equal(SignInStatus.SignedIn, (await own.SignInAsync(person.Email, person.Password)).Status);
    }

    [Fact]
    public async Task A_success_forgets_the_failures_before_it()
    {
        var person = await identity.PersonAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var attempt = 0; attempt < 3; attempt++)
            {
                await identity.SignInAsync(person.Email, Wrong);
            }

            Assert.Equal(SignInStatus.SignedIn, (await identity.SignInAsync(person.Email, person.Password)).Status);
        }
    }

    [Fact]
    public async Task Guesses_side_by_side_are_not_more_than_guesses_one_after_the_other()
    {
        var person = await identity.PersonAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async turn =>
        {
            try
            {
                return (await identity.SignInAsync(person.Email, turn == 19 ? person.Password : Wrong + turn)).Status;
            }
            catch (ProblemException busy) when (busy.Type.Name == "sign-in-busy")
            {
                return (SignInStatus?)null;
            }
        }));

        Assert.True(outcomes.Count(static outcome => outcome == SignInStatus.Refused) <= 4, string.Join(", ", outcomes));
        Assert.Contains(null, outcomes);
    }

    [Fact]
    public async Task Whoever_meets_another_sign_in_is_told_when_to_come_again()
    {
        var email = IdentityHost.NewEmail();
        await using var source = NpgsqlDataSource.Create(identity.Host.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var other = await connection.BeginTransactionAsync();
        await using var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('identity.sign-in.' || $1, 0))", connection) { Parameters = { new() { Value = email.ToUpperInvariant() } } };
        await turn.ExecuteNonQueryAsync();

        using var answer = await identity.Host.Client.PostAsJsonAsync(IdentityHost.Base + "/sign-in", new { email, password = Wrong });

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_session_is_active_until_it_is_revoked_or_not_used_for_long()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var person = await own.PersonAsync();
        var first = (await own.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        var second = (await own.SignInAsync(person.Email, person.Password)).SessionId!.Value;
        Assert.True(await own.IsActiveAsync(first));

        (await own.SendAsync(HttpMethod.Delete, $"/account/sessions/{first}", null, person.Caller)).Expect(HttpStatusCode.NoContent);

        Assert.False(await own.IsActiveAsync(first));
        Assert.True(await own.IsActiveAsync(second));
        own.Host.Time.Advance(TimeSpan.FromDays(31));
        Assert.False(await own.IsActiveAsync(second));
    }

    [Fact]
    public async Task A_session_that_is_used_lives_on_and_one_that_was_revoked_does_not()
    {
        await using var host = new DisposableHost();
        var own = await host.StartAsync();
        var person = await own.PersonAsync();
        var (used, revoked) = ((await own.SignInAsync(person.Email, person.Password)).SessionId!.Value, (await own.SignInAsync(person.Email, person.Password)).SessionId!.Value);
        (await own.SendAsync(HttpMethod.Delete, $"/account/sessions/{revoked}", null, person.Caller)).Expect(HttpStatusCode.NoContent);
        own.Host.Time.Advance(TimeSpan.FromDays(29));

        await using (var scope = own.Host.Services.CreateAsyncScope())
        {
            var sessions = scope.ServiceProvider.GetRequiredService<Sessions>();
            sessions.Touch(used);
            sessions.Touch(revoked);
            await scope.ServiceProvider.GetRequiredService<IModuleSession<IIdentityStore>>().Documents.SaveChangesAsync();
        }

        own.Host.Time.Advance(TimeSpan.FromDays(29));
        Assert.True(await own.IsActiveAsync(used));
        Assert.False(await own.IsActiveAsync(revoked));
    }

    [Fact]
    public async Task Guests_have_sessions_of_their_own_and_no_account()
    {
        await using var scope = identity.Host.Services.CreateAsyncScope();
        var guests = scope.ServiceProvider.GetRequiredService<GuestSessions>();
        var (first, second) = (await guests.StartAsync(IdentityHost.Origin, CancellationToken.None), await guests.StartAsync(IdentityHost.Origin, CancellationToken.None));
        await scope.ServiceProvider.GetRequiredService<IModuleSession<IIdentityStore>>().Documents.SaveChangesAsync();

        Assert.StartsWith("guest:", first.Subject, StringComparison.Ordinal);
        Assert.NotEqual(first.Subject, second.Subject);
        Assert.True(await identity.IsActiveAsync(first.Id));
    }

    private async Task<TimeSpan> TimeAsync(string email)
    {
        var started = Stopwatch.GetTimestamp();
        await identity.SignInAsync(email, Wrong);
        return Stopwatch.GetElapsedTime(started);
    }
}

/// <summary>A host that one test has for itself, because it sets the clock forward or fills what others would see.</summary>
internal sealed class DisposableHost : IAsyncDisposable
{
    private readonly IdentityHost _host = new();

    public async Task<IdentityHost> StartAsync()
    {
        await _host.InitializeAsync();
        return _host;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();
}
