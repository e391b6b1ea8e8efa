using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// Nobody learns from a sign-in which addresses have an account. The answers are compared byte by byte. Of the work behind them, the statements that reach the database are counted in the host's log, by the
/// trace that each request names, which is exact; the hash of the password does not go through a log, so its time is measured: it is tens of milliseconds of every sign-in, without it an answer takes a few,
/// and the smallest of many times on each side is compared with a factor between the two: a busy machine only makes single times longer. In Identity.Tests the same is measured without HTTP.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed partial class SignInOracleTests(SecurityHost host)
{
    private const string Wrong = "not the right password";
    private const int Failures = 10;

    [Fact]
    public async Task Unknown_addresses_wrong_passwords_and_locked_accounts_get_the_same_answer()
    {
        var people = await PeopleAsync();
        var answers = new List<Answer>();
        foreach (var email in people)
        {
            answers.Add((await SignInAsync(email, Wrong)).ExpectProblem(401, "sign-in-refused"));
        }

        // The right password of a locked account is a fourth.
        answers.Add((await SignInAsync(people[2], Callers.Password)).ExpectProblem(401, "sign-in-refused"));
        Assert.Single(answers.Select(static answer => Trace().Replace(answer.Body, string.Empty)).Distinct());
        Assert.Single(answers.Select(static answer => string.Join(' ', answer.Headers.Keys.Order(StringComparer.Ordinal))).Distinct());
        Assert.Single(answers.Select(static answer => answer.Header("Content-Length")).Distinct());
    }

    [Fact]
    public async Task They_cost_the_database_the_same_round_trips()
    {
        var counts = new List<int>();
        foreach (var email in await PeopleAsync())
        {
            // The second of each, so that nothing is counted that happens once.
            await SignInAsync(email, Wrong);
            counts.Add(await StatementsAsync(email));
        }

        // The turn, the account, and the commit of what is written in all cases.
        Assert.Equal([3, 3, 3], counts);
    }

    [Fact]
    public async Task They_take_as_long_as_a_hash_takes()
    {
        var times = new List<double>[] { [], [], [] };
        for (var attempt = 0; attempt < 12; attempt++)
        {
            // Others each time, or the one with a wrong password would be locked too in the end.
            var people = await PeopleAsync();
            for (var round = 0; round < 5; round++)
            {
                foreach (var (number, email) in people.Index())
                {
                    var started = Stopwatch.GetTimestamp();
                    (await SignInAsync(email, Wrong)).ExpectProblem(401);
                    times[number].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            var least = times.Select(static of => of.Min()).ToList();
            if (least.Min() > least.Max() * 0.4)
            {
                return;
            }
        }

        Assert.Fail("Unknown, wrong and locked take (ms): " + string.Join(", ", times.Select(static of => of.Min())));
    }

    [Fact]
    public async Task A_registration_and_a_forgotten_password_say_nothing_about_the_address()
    {
        var (_, known) = await host.Callers.RegisterAsync();
        using var anonymous = host.Callers.Anonymous();
        foreach (var path in new[] { "/api/identity/accounts", "/api/identity/password-resets" })
        {
            var answers = new List<Answer>();
            foreach (var email in new[] { known, $"{Guid.NewGuid():N}@example.com" })
            {
                answers.Add((await anonymous.PostAsync(path, path.EndsWith("accounts", StringComparison.Ordinal) ? new { email, password = "a password for nobody" } : new { email })).Expect(202));
            }

            Assert.Equal(Ids().Replace(answers[0].Body, "*"), Ids().Replace(answers[1].Body, "*"));
            Assert.Equal(answers[0].Headers.Keys.Order(), answers[1].Headers.Keys.Order());
        }
    }

    // An unknown address, one whose password is not known, and one that is locked.
    private async Task<List<string>> PeopleAsync()
    {
        var (_, wrong) = await host.Callers.RegisterAsync();
        var (_, locked) = await host.Callers.RegisterAsync();
        for (var failure = 0; failure < Failures; failure++)
        {
            await SignInAsync(locked, Wrong);
        }

        (await SignInAsync(locked, Callers.Password)).ExpectProblem(401);
        return [$"{Guid.NewGuid():N}@example.com", wrong, locked];
    }

    private async Task<int> StatementsAsync(string email)
    {
        var trace = Guid.NewGuid().ToString("N");
        await SignInAsync(email, Wrong, ("traceparent", $"00-{trace}-{trace[..16]}-01"));
        // The line with which the server closes a request comes behind all others of it.
        var lines = await host.Running.Process.Output.UntilAsync(line => line.Contains(trace, StringComparison.Ordinal) && line.Contains("Request finished", StringComparison.Ordinal));
        return lines.Count(line => line.Contains(trace, StringComparison.Ordinal)
            && (line.Contains("Command execution completed", StringComparison.Ordinal) || line.Contains("Batch execution completed", StringComparison.Ordinal)));
    }

    private async Task<Answer> SignInAsync(string email, string password, params (string, string)[] headers)
    {
        using var anonymous = host.Callers.Anonymous();
        return await anonymous.PostAsync("/api/identity/sign-in", new { email, password }, headers);
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex Trace();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|\\+00:00)")]
    private static partial Regex Ids();
}
