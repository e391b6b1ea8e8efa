using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Goods have arrived. A SKU that has no stock at the location yet gets some. What orders wait for leaves again at once.</summary>
[RetryOnConflict]
internal sealed record ReceiveStock(string Sku, int Quantity, string Location = Location.DefaultCode, string? Reference = null) : ICommand<StockItemView>;

internal sealed class ReceiveStockValidator : AbstractValidator<ReceiveStock>
{
    public ReceiveStockValidator()
    {
        RuleFor(command => command.Sku).IsSku();
        RuleFor(command => command.Location).IsLocation();
        RuleFor(command => command.Quantity).IsQuantity();
        RuleFor(command => command.Reference).IsNote();
    }
}

internal sealed class ReceiveStockEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/receipts", static async (ReceiveStock body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("ReceiveStock").WithSummary("Adds goods that have arrived, and answers the item's new stock.")
        .Produces<StockItemView>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class ReceiveStockHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<ReceiveStock, StockItemView>
{
    public async Task<StockItemView> Handle(ReceiveStock request, CancellationToken cancellationToken)
    {
        await Location.RequireActiveAsync(session.Documents, request.Location, cancellationToken);
        var key = StockKey.Of(request.Location, request.Sku);
        var stock = await locks.LockAsync([key], cancellationToken);
        var item = stock[key];
        item.Append(item.State.Receive(request.Quantity, request.Reference));
        await locks.SettleAsync(stock, cancellationToken);
        return StockItemView.Of(item.State, time.GetUtcNow());
    }
}
