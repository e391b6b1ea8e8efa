using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/readers/count", static () => 0) // finds: endpoints-say-who-may-call "maps /readers/count, which does not say who may call it"
            .WithName("CountReaders");
    }
}
