using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Hosting;

/// <summary><c>Host endpoints</c>: a line for every method and route that the host serves, with its name and who may call it, as they are in the running table. Needs no database.</summary>
internal static class EndpointsCommand
{
    private const string AnyMethod = "*";
    private const string Anybody = "anybody";

    public static async Task<int> RunAsync(WebApplication app)
    {
        var rows = ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(RowsOf)
            .Distinct()
            .OrderBy(static row => row.Route, StringComparer.Ordinal).ThenBy(static row => row.Method, StringComparer.Ordinal)
            .ToList();
        var (method, route, access) = (Width(rows, static row => row.Method), Width(rows, static row => row.Route), Width(rows, static row => row.Access));
        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync($"{row.Method.PadRight(method)}  {row.Route.PadRight(route)}  {row.Access.PadRight(access)}  {row.Name}".TrimEnd());
        }

        return 0;
    }

    private static IEnumerable<Row> RowsOf(RouteEndpoint endpoint)
    {
        var access = endpoint.Metadata.GetMetadata<RequiredPermission>()?.Name ?? (endpoint.Metadata.GetMetadata<RequiredSubject>() is null ? Anybody : "whoever is known");
        foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [AnyMethod])
        {
            yield return new Row(method, "/" + endpoint.RoutePattern.RawText?.Trim('/'), access, endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? string.Empty);
        }
    }

    private static int Width(List<Row> rows, Func<Row, string> column) => rows.Max(row => column(row).Length);

    private sealed record Row(string Method, string Route, string Access, string Name);
}
