namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfClient
{
    public static HttpRequestMessage Request()
    {
        return new HttpRequestMessage(HttpMethod.Post, new Uri("http://localhost:5080/shelves/copies")); // finds: no-http-to-ourselves "calls http://localhost:5080/shelves/copies, its own machine"
    }
}
