namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>Those who call a host. Each is signed in when it sends its first request.</summary>
internal sealed class Callers
{
    /// <summary>Of every account but the admin's.</summary>
    public const string Password = "seven quiet harbours";

    private readonly HostProcess _host;
    private readonly Credentials _admin;

    public Callers(HostProcess host)
    {
        _host = host;
        _admin = new Credentials(async () =>
        {
            // The admin is made after the start, beside the first requests.
            await _host.Output.UntilAsync(static line => line.Contains("The first admin is there", StringComparison.Ordinal));
            return await SignInAsync(HostSettings.AdminEmail, HostSettings.AdminPassword);
        });
    }

    /// <summary>Who may do everything.</summary>
    public Api Admin() => new(_host.Address, _admin.HeaderAsync);

    /// <summary>Nobody known.</summary>
    public Api Anonymous() => new(_host.Address);

    /// <summary>Somebody without an account, for whom a basket and an order are kept.</summary>
    public Api Guest() => new(_host.Address, new Credentials(async () =>
    {
        using var anonymous = Anonymous();
        return (await anonymous.PostAsync("/api/identity/guest-sessions")).Expect(200);
    }).HeaderAsync);

    /// <summary>Somebody with an account of their own and no permissions.</summary>
    public async Task<Api> CustomerAsync() => Of((await RegisterAsync()).Email);

    /// <summary>Somebody whose role is that of the staff.</summary>
    public async Task<Api> ClerkAsync()
    {
        var (id, email) = await RegisterAsync();
        using var admin = Admin();
        (await admin.PutAsync($"/api/identity/accounts/{id}/roles/clerk", null)).Expect(200);
        return Of(email);
    }

    /// <summary>A machine with some of the admin's permissions.</summary>
    public async Task<Api> ApiKeyAsync(params IReadOnlyList<string> permissions)
    {
        using var admin = Admin();
        var key = (await admin.PostAsync("/api/identity/api-keys", new { name = "Tests", permissions, days = 1 })).Expect(201)["authorization"];
        return new Api(_host.Address, () => Task.FromResult(key));
    }

    /// <summary>A new account, and the link of the mail followed.</summary>
    public async Task<(string Id, string Email)> RegisterAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var anonymous = Anonymous();
        var registration = (await anonymous.PostAsync("/api/identity/accounts", new { email, password = Password })).Expect(202)["registrationId"];
        var token = await Eventually.Async(() => Task.FromResult(MailTokenOf(registration)), static token => token is not null);
        return ((await anonymous.PostAsync("/api/identity/accounts/verify", new { token })).Expect(201)["id"], email);
    }

    /// <summary>The token of a mail, which Development shows on the console.</summary>
    public string? MailTokenOf(string mailId) => _host.Output.MailTokenOf(mailId);

    /// <summary>Somebody with an account.</summary>
    public Api Of(string email, bool notesSecrets = true) => new(_host.Address, new Credentials(() => SignInAsync(email, Password)).HeaderAsync) { NotesSecrets = notesSecrets };

    private async Task<Answer> SignInAsync(string email, string password)
    {
        using var anonymous = Anonymous();
        return (await anonymous.PostAsync("/api/identity/sign-in", new { email, password })).Expect(200);
    }

    /// <summary>An access token, got again before it ends.</summary>
    private sealed class Credentials(Func<Task<Answer>> issue)
    {
        private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

        private readonly SemaphoreSlim _turn = new(1, 1);
        private string? _header;
        private DateTimeOffset _until;

        public async Task<string> HeaderAsync()
        {
            await _turn.WaitAsync();
            try
            {
                if (_header is null || TimeProvider.System.GetUtcNow() > _until)
                {
                    var token = (await issue()).Json;
                    _until = TimeProvider.System.GetUtcNow().AddSeconds((int)token["expires_in"]!) - Early;
                    _header = "Bearer " + token["access_token"];
                }

                return _header;
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}
