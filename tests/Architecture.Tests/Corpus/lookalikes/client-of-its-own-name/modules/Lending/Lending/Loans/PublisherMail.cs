using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Lending.Loans;

internal sealed class PublisherMail(IHttpClientFactory clients)
{
    public HttpClient Client() => clients.CreateClient("publisher");

    public static void Register(IServiceCollection services) => services.AddHttpClient("publisher");
}
