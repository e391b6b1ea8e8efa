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

/// <summary>The count was wrong, or goods were broken, lost or found. What is reserved cannot be taken away.</summary>
[RetryOnConflict]
internal sealed record AdjustStock(string Sku, int Delta, string Reason, string Location = Location.DefaultCode) : ICommand<StockItemView>;

internal sealed class AdjustStockValidator : AbstractValidator<AdjustStock>
{
    public AdjustStockValidator()
    {
        RuleFor(command => command.Sku).IsSku();
        RuleFor(command => command.Location).IsLocation();
        RuleFor(command => command.Delta)
            .InclusiveBetween(-StockItem.MaximumQuantity, StockItem.MaximumQuantity).WithMessage("The change is between -1,000,000,000 and 1,000,000,000.")
            .NotEqual(0).WithMessage("A change of 0 changes nothing.");
        RuleFor(command => command.Reason).Must(static reason => !string.IsNullOrWhiteSpace(reason)).WithMessage("Say why the stock changes.").IsNote();
    }
}

internal sealed class AdjustStockEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/adjustments", static async (AdjustStock body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("AdjustStock")
        .WithSummary("Corrects the stock on hand by a difference, with the reason, and answers the item's new stock.")
        .Produces<StockItemView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class AdjustStockHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<AdjustStock, StockItemView>
{
    public async Task<StockItemView> Handle(AdjustStock request, CancellationToken cancellationToken)
    {
        await Location.RequireAsync(session.Documents, request.Location, cancellationToken);
        var now = time.GetUtcNow();
        var key = StockKey.Of(request.Location, request.Sku);
        var stock = await locks.LockAsync([key], cancellationToken);
        var item = stock[key];
        item.Append(item.Existing(request.Location, request.Sku).Adjust(request.Delta, request.Reason, now));
        await locks.SettleAsync(stock, cancellationToken);
        return StockItemView.Of(item.State, now);
    }
}
