namespace ModularMonolith.Lending.Loans;

internal sealed class PublisherMail(IHttpClientFactory clients)
{
    public HttpClient Client()
    {
        var client = clients.CreateClient("publisher"); // finds: services-stay-in-their-module "uses the HTTP client 'publisher', a service of Shelves"
        return client;
    }
}
