using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderFinder
{
    public static object? Desk(HttpContext http)
    {
        return http.RequestServices.GetService(typeof(ReaderDesk)); // finds: no-service-location "fetches ReaderDesk from the container"
    }
}
