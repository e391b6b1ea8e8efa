using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.Conformance.Checking;

/// <summary>Credentials of an account, for a run.</summary>
public static class Credentials
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Signs in with an address and a password.</summary>
    /// <param name="api">The base address of the API.</param>
    /// <param name="email">The account's address.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The <c>Authorization</c> header.</returns>
    /// <exception cref="ConformanceException">The sign-in is refused, needs a second factor, or nobody answers within 20 s.</exception>
    public static async Task<string> SignInAsync(Uri api, string email, string password, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = api, Timeout = Deadline };
        try
        {
            using var response = await http.PostAsJsonAsync("/api/identity/sign-in", new { email, password }, cancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
            return (string?)answer?["access_token"] is { Length: > 0 } token ? "Bearer " + token
                : throw new ConformanceException($"{api} did not sign {email} in: {(string?)answer?["detail"] ?? "it needs more than the password. Sign in elsewhere, and give the access token with --token."}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException($"{api} could not be asked to sign {email} in: {exception.Message}", exception);
        }
    }
}
