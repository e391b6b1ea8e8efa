using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/readers/count", static () => 0)
            .RequirePermission("readers:manage")
            .WithName("CountAll"); // finds: endpoints-have-names "has the name CountAll, as another endpoint has"
        app.MapGet("/readers/all", static () => 0).RequirePermission("readers:manage").WithName("CountAll"); // finds: endpoints-have-names "has the name CountAll"
    }
}
