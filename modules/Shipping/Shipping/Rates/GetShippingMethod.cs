using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Rates;

internal sealed record GetShippingMethod(string Code) : IQuery<Versioned<MethodView>>;

internal sealed class GetShippingMethodEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/methods/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetShippingMethod(code), cancellationToken)).Answer(http))
        .RequirePermission("shipping:read")
        .WithName("GetShippingMethod")
        .WithSummary("A shipping method.")
        .Produces<MethodView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetShippingMethodHandler(TableDesk desk) : IRequestHandler<GetShippingMethod, Versioned<MethodView>>
{
    public Task<Versioned<MethodView>> Handle(GetShippingMethod request, CancellationToken cancellationToken) =>
        desk.GetAsync<ShippingMethod, MethodContent, MethodView>(request.Code, cancellationToken);
}
