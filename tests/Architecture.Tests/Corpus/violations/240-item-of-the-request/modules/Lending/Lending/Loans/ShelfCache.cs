using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCache
{
    public static object? Copy(HttpContext http)
    {
        return http.Items["shelves.copy"]; // finds: cache-keys-are-own "uses the key 'shelves.copy', which is named after Shelves"
    }
}
