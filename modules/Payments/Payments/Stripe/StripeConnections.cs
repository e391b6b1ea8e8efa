using System.Net.Http.Headers;

namespace ModularMonolith.Payments.Stripe;

/// <summary>The connections to Stripe, which all calls share.</summary>
internal static class StripeConnections
{
    /// <summary>Connections are renewed, so that a change of addresses is noticed; redirects are not followed, because requests carry the secret key.</summary>
    public static HttpClient Create()
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false, UseCookies = false };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ModularMonolith", null));
        return client;
    }
}
