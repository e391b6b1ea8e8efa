using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/readers/count", static () => 0) // finds: endpoints-have-names "maps /readers/count, which has no name"
            .RequirePermission("readers:manage");
    }
}
