using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Identity.Tests;

/// <summary>Identity alone on a database of its own.</summary>
public sealed class IdentityHost : IAsyncLifetime
{
    public const string Base = "/api/identity";
    public const string Password = "seven quiet harbours";

    internal static readonly SessionOrigin Origin = new(null, "192.0.2.1", "Tests");

    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["identity:EncryptionKey"] = Convert.ToBase64String(new byte[32]),
        ["identity:PasswordIterations"] = "100000",
        ["identity:Issuer"] = "https://shop.example",
        ["identity:LockoutFailures"] = "4",
        ["identity:PasskeyDomain"] = "shop.example",
        ["identity:PasskeyOrigins"] = "https://shop.example, https://www.shop.example",
        ["Security:OpenAccess"] = "false",
    };

    public ModuleHost Host { get; private set; } = null!;

    internal IIdentityStore Store => Host.Services.GetRequiredService<IIdentityStore>();

    public async Task InitializeAsync() => Host = await StartAsync();

    /// <summary>A host with some other settings.</summary>
    public static Task<ModuleHost> StartAsync(params IReadOnlyList<(string Key, string? Value)> others)
    {
        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (key, value) in others)
        {
            settings[key] = value;
        }

        return ModuleHost.StartAsync(typeof(IdentityModule).Assembly, settings: settings);
    }

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.com";

    public Task<Answer> RegisterAsync(string email, string password = Password) => PostAsync("/accounts", new { email, password });

    public Task<Mail?> MailOfAsync(Answer registration) => Host.SendAsync(new GetMail(registration.Json.GetProperty("registrationId").GetGuid()));

    /// <summary>An account with a verified address.</summary>
    public async Task<Person> PersonAsync(string? email = null, string password = Password)
    {
        email ??= NewEmail();
        var registration = await RegisterAsync(email, password);
        Assert.Equal(HttpStatusCode.Accepted, registration.Status);
        var mail = await MailOfAsync(registration);
        var opened = await PostAsync("/accounts/verify", new { token = mail!.Token });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        return new Person(opened.Json.GetProperty("id").GetGuid(), email, password);
    }

    /// <summary>The mail of a new request for another password.</summary>
    public async Task<Mail?> ResetMailAsync(string email)
    {
        (await PostAsync("/password-resets", new { email })).Expect(HttpStatusCode.Accepted);
        await using var session = Store.QuerySession();
        var link = await session.Query<MailLink>().Where(link => link.Email == email && link.Purpose == MailPurpose.PasswordReset).OrderByDescending(static link => link.Id).FirstAsync();
        return await Host.SendAsync(new GetMail(link.Id));
    }

    public async Task<bool> IsActiveAsync(Guid sessionId)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Sessions>().IsActiveAsync(sessionId, CancellationToken.None);
    }

    internal Task<SignInOutcome> SignInAsync(string email, string password, string? code = null) => Host.SendAsync(new SignInWithPassword(email, password, code, Origin));

    public Task<Answer> GetAsync(string path, AuthenticationHeaderValue? caller = null) => SendAsync(HttpMethod.Get, path, null, caller);

    public Task<Answer> PostAsync(string path, object? body = null, AuthenticationHeaderValue? caller = null) => SendAsync(HttpMethod.Post, path, body, caller);

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, AuthenticationHeaderValue? caller = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, Base + path);
        request.Headers.Authorization = caller;
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await Host.Client.SendAsync(request);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString());
    }
}

/// <summary>Somebody with an account.</summary>
public sealed record Person(Guid Id, string Email, string Password)
{
    /// <summary>What the person sends when signed in.</summary>
    public AuthenticationHeaderValue Caller => TestCredentials.Of(Id.ToString());

    /// <summary>What the person sends in a session.</summary>
    public AuthenticationHeaderValue In(Guid session) => TestCredentials.InSession(Id.ToString(), session);
}

public sealed record Answer(HttpStatusCode Status, string Text, string? ETag)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The problem after checking its status and type.</summary>
    public JsonElement Problem(HttpStatusCode status, string type)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        Assert.Equal("/problems/" + type, Json.GetProperty("type").GetString());
        return Json;
    }

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }
}
