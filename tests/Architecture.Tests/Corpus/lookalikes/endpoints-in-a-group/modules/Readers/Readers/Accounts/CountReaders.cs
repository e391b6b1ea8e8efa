using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Readers.Accounts;

internal sealed class CountReadersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var readers = app.MapGroup("/readers");
        var count = readers.MapGet("/count", static () => 0);
        count.RequirePermission("readers:manage");
        count.WithName("CountReaders");
    }
}
