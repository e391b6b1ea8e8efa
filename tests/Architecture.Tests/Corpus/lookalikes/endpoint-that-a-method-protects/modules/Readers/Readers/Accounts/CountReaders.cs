using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/readers/count", static () => 0).ForDesk("CountReaders");
}

internal static class DeskRoutes
{
    public static RouteHandlerBuilder ForDesk(this RouteHandlerBuilder route, string name) => route.RequirePermission("readers:manage").WithName(name);
}
