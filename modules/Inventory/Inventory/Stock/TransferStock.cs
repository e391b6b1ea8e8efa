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

/// <summary>Moves available stock from one location to another, both in one transaction.</summary>
[RetryOnConflict]
internal sealed record TransferStock(string Sku, string From, string To, int Quantity, string? Reference = null) : ICommand<StockView>;

internal sealed class TransferStockValidator : AbstractValidator<TransferStock>
{
    public TransferStockValidator()
    {
        RuleFor(command => command.Sku).IsSku();
        RuleFor(command => command.From).IsLocation();
        RuleFor(command => command.To).IsLocation()
            .Must(static (command, to) => to != command.From).WithMessage("The stock is at this location already. Name another one.");
        RuleFor(command => command.Quantity).IsQuantity();
        RuleFor(command => command.Reference).IsNote();
    }
}

internal sealed class TransferStockEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/transfers", static async (TransferStock body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("TransferStock")
        .WithSummary("Moves stock from one location to another, and answers the new stock of both.")
        .Produces<StockView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class TransferStockHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<TransferStock, StockView>
{
    public async Task<StockView> Handle(TransferStock request, CancellationToken cancellationToken)
    {
        await Location.RequireAsync(session.Documents, request.From, cancellationToken);
        await Location.RequireActiveAsync(session.Documents, request.To, cancellationToken);
        var now = time.GetUtcNow();
        var (source, target) = (StockKey.Of(request.From, request.Sku), StockKey.Of(request.To, request.Sku));
        var stock = await locks.LockAsync([source, target], cancellationToken);
        stock[source].Append(stock[source].Existing(request.From, request.Sku).TransferOut(request.Quantity, request.To, request.Reference, now));
        stock[target].Append(stock[target].State.TransferIn(request.Quantity, request.From, request.Reference));
        await locks.SettleAsync(stock, cancellationToken);
        return StockView.Of([stock[source].State, stock[target].State], [request.Sku], now)[0];
    }
}
