using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Stock;

internal sealed record GetStockItem(string Sku) : IQuery<StockView>;

internal sealed class GetStockItemValidator : AbstractValidator<GetStockItem>
{
    public GetStockItemValidator() => RuleFor(query => query.Sku).IsSku();
}

internal sealed class GetStockItemEndpoint : ICarterModule
{
    // A SKU may contain slashes, which a path cannot carry unambiguously: it is always a query parameter.
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/stock/item", static async (string sku, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetStockItem(sku), cancellationToken)))
        .RequirePermission("inventory:read").WithName("GetStockItem").WithSummary("Shows the stock of one SKU, in total and by location.")
        .Produces<StockView>().ProducesProblem(400).ProducesProblem(404);
}

internal sealed class GetStockItemHandler(IModuleSession<IInventoryStore> session, LocationDirectory locations, TimeProvider time) : IRequestHandler<GetStockItem, StockView>
{
    public async Task<StockView> Handle(GetStockItem request, CancellationToken cancellationToken)
    {
        var stock = await SkuStock.FindAsync(session.Documents, [request.Sku], locations, cancellationToken);
        return stock.Items.Count == 0
            ? throw ProblemException.NotFound("stock of the SKU", request.Sku)
            : StockView.Of(stock, [request.Sku], time.GetUtcNow())[0];
    }
}
