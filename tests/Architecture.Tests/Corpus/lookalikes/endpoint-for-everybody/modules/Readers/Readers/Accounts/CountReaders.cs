using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/readers/count", static () => 0).AllowAnonymous().WithName("CountReaders");
    }
}
