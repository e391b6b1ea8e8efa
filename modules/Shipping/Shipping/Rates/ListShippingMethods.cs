using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Rates;

internal sealed record ListShippingMethods(string? After, int Limit) : IQuery<Page<MethodView>>;

internal sealed class ListShippingMethodsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/methods", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListShippingMethods(PageCursor.Decode<TableCursor>(http, cursor)?.Code, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("shipping:read")
        .WithName("ListShippingMethods")
        .WithSummary("All shipping methods by code.")
        .Produces<Page<MethodView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListShippingMethodsHandler(ShippingTable table) : IRequestHandler<ListShippingMethods, Page<MethodView>>
{
    public async Task<Page<MethodView>> Handle(ListShippingMethods request, CancellationToken cancellationToken) =>
        TableCursor.PageOf<ShippingMethod, MethodContent, MethodView>((await table.CurrentAsync(cancellationToken)).Methods, request.After, request.Limit);
}
