using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.PriceLists;

internal sealed record GetPriceList(string Code) : IQuery<PriceListView>;

internal sealed class GetPriceListEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/price-lists/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var list = await sender.Send(new GetPriceList(code), cancellationToken);
            EntityTags.Write(http, list.Version);
            return EntityTags.ClientHas(http, list.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(list);
        })
        .RequirePermission("pricing:read").WithName("GetPriceList").WithSummary("Shows a price list.")
        .Produces<PriceListView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetPriceListHandler(IModuleSession<IPricingStore> session) : IRequestHandler<GetPriceList, PriceListView>
{
    public async Task<PriceListView> Handle(GetPriceList request, CancellationToken cancellationToken) =>
        await PriceList.FindAsync(session.Documents, request.Code, cancellationToken) is { } list
            ? PriceListView.Of(list, list.Version)
            : throw ProblemException.NotFound("price list", request.Code);
}
