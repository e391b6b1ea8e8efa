using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ModularMonolith.Client;

/// <summary>Sends a machine's key with each request.</summary>
/// <param name="key">The key as it was shown when it was made, with or without the word ApiKey before it.</param>
public sealed class ApiKeyHandler(string key) : DelegatingHandler
{
    private const string Scheme = "ApiKey";

    private readonly AuthenticationHeaderValue _credentials = new(Scheme, key.StartsWith(Scheme + " ", StringComparison.Ordinal) ? key[(Scheme.Length + 1)..] : key);

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _credentials;
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Sends an access token with each request, gets the next one before it ends, and once more when the API does not accept it.</summary>
/// <param name="tokens">Where tokens come from.</param>
public sealed class AccessTokenHandler(AccessTokens tokens) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(base.SendAsync, request.RequestUri!, null, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || request.Content is not (null or ByteArrayContent))
        {
            return response;
        }

        // The key that signed it may be gone, or its session ended.
        var next = await tokens.GetAsync(base.SendAsync, request.RequestUri!, token, cancellationToken);
        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", next);
        return await base.SendAsync(request, cancellationToken);
    }
}

/// <summary>Access tokens that are got and renewed at the token endpoint, by one request at a time.</summary>
/// <param name="time">The clock; the system's when null.</param>
public abstract class AccessTokens(TimeProvider? time = null) : IDisposable
{
    // A token that ends while the request is on its way is of no use.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private static readonly Uri Endpoint = new("/api/identity/oauth/token", UriKind.Relative);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _one = new(1, 1);
    private string? _current;
    private DateTimeOffset _endsAt;

    /// <summary>The fields of the request for the next token (RFC 6749).</summary>
    /// <returns>Names and values.</returns>
    protected abstract IEnumerable<KeyValuePair<string, string>> Grant();

    /// <summary>Keeps what the next request needs.</summary>
    /// <param name="answer">The new tokens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is kept.</returns>
    protected virtual Task AcceptAsync(TokenAnswer answer, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins with a token that is there already.</summary>
    /// <param name="answer">The tokens.</param>
    protected void Begin(TokenAnswer answer)
    {
        _current = answer.AccessToken;
        _endsAt = _time.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn) - Margin;
    }

    internal async Task<string> GetAsync(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, Uri api, string? rejected, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current && current != rejected && _time.GetUtcNow() < _endsAt)
            {
                return current;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, Endpoint)) { Content = new FormUrlEncodedContent(Grant()) };
            using var response = await send(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw await ApiException.FromAsync(response, cancellationToken);
            }

            var answer = JsonSerializer.Deserialize<TokenAnswer>(await response.Content.ReadAsByteArrayAsync(cancellationToken), ApiConnection.Json)!;
            await AcceptAsync(answer, cancellationToken);
            Begin(answer);
            return answer.AccessToken;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _one.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Tokens of a service account (RFC 6749, section 4.4).</summary>
/// <param name="clientId">The client's id.</param>
/// <param name="clientSecret">Its secret.</param>
/// <param name="scope">Permissions that the tokens are limited to, with spaces between; null for all that the client has.</param>
/// <param name="time">The clock; the system's when null.</param>
public sealed class ClientCredentials(string clientId, string clientSecret, string? scope = null, TimeProvider? time = null) : AccessTokens(time)
{
    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, string>> Grant()
    {
        yield return new("grant_type", "client_credentials");
        yield return new("client_id", clientId);
        yield return new("client_secret", clientSecret);
        if (scope is not null)
        {
            yield return new("scope", scope);
        }
    }
}

/// <summary>Tokens of somebody who has signed in, renewed with the refresh token, of which each works once.</summary>
public sealed class SessionTokens : AccessTokens
{
    private readonly string _clientId;
    private readonly Func<TokenAnswer, CancellationToken, Task>? _keep;
    private string _refreshToken;

    /// <summary>Goes on with what the sign-in answered.</summary>
    /// <param name="answer">The answer of <c>SignInAsync</c> or <c>StartGuestSessionAsync</c>, or one that was kept.</param>
    /// <param name="keep">Is told of new tokens before they are used, to keep the refresh token for the next start; the one before is worth nothing then.</param>
    /// <param name="clientId">The client that signed in; the shop's own front ends unless another is named.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">The answer has no refresh token.</exception>
    public SessionTokens(TokenAnswer answer, Func<TokenAnswer, CancellationToken, Task>? keep = null, string clientId = "first-party", TimeProvider? time = null)
        : base(time)
    {
        _refreshToken = answer.RefreshToken ?? throw new ArgumentException("The answer has no refresh token, so the session cannot be renewed.", nameof(answer));
        _clientId = clientId;
        _keep = keep;
        Begin(answer);
    }

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, string>> Grant() =>
        [new("grant_type", "refresh_token"), new("refresh_token", _refreshToken), new("client_id", _clientId)];

    /// <inheritdoc/>
    protected override async Task AcceptAsync(TokenAnswer answer, CancellationToken cancellationToken)
    {
        _refreshToken = answer.RefreshToken ?? _refreshToken;
        if (_keep is not null)
        {
            await _keep(answer, cancellationToken);
        }
    }
}
