namespace ModularMonolith.Client;

/// <summary>A client with a connection of its own is disposed of when it is not needed any more.</summary>
public sealed partial class CommerceClient : IDisposable
{
    private HttpClient? _own;

    /// <summary>A client with a connection of its own, which repeats what may be repeated (see <see cref="RetryHandler"/>). The trace of the current activity goes along.</summary>
    /// <param name="address">Where the API is: scheme, host and port.</param>
    /// <param name="tokens">Access tokens to send; null for a client that sends none.</param>
    /// <param name="apiKey">A machine's key to send instead of tokens.</param>
    /// <returns>The client.</returns>
    public static CommerceClient Connect(Uri address, AccessTokens? tokens = null, string? apiKey = null)
    {
        HttpMessageHandler handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (tokens is not null)
        {
            handler = new AccessTokenHandler(tokens) { InnerHandler = handler };
        }
        else if (apiKey is not null)
        {
            handler = new ApiKeyHandler(apiKey) { InnerHandler = handler };
        }

        var http = new HttpClient(new RetryHandler { InnerHandler = handler }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        return new CommerceClient(http) { _own = http };
    }

    /// <summary>Closes the connections, if they are the client's own.</summary>
    public void Dispose() => _own?.Dispose();
}
