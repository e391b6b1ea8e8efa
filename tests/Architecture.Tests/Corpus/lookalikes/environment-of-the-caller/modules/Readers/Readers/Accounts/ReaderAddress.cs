using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderAddress
{
    public static string? Of(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() + http.Request.Path;

    public static Uri Home() => new("https://readers.example.org/lending/loans");
}
