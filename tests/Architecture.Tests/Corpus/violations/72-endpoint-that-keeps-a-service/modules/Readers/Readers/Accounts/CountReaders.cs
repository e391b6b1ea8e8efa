using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint(TimeProvider time) : ICarterModule // finds: endpoints-have-no-constructor-parameters "has no parameterless constructor"
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/readers/count", () => time.GetUtcNow())
        .RequirePermission("readers:manage")
        .WithName("CountReaders");
}
