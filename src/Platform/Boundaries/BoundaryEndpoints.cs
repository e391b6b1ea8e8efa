using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>The operators' view of what modules use of each other.</summary>
internal static class BoundaryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/log/edges", List).WithTags("log").RequirePermission(Permissions.LogRead)
        .WithName("ListObservedEdges").WithSummary("Lists which modules have sent each other which requests and events since this host started, and whether they declare it.");

    private static IReadOnlyList<ObservedEdge> List(HttpContext http) => http.RequestServices.GetRequiredService<ObservedEdges>().List();
}
