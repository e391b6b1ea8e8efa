using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Transits;

/// <summary>Goods that were on their way have arrived, all of them or a part.</summary>
[RetryOnConflict]
internal sealed record ReceiveTransit(Guid TransitId, IReadOnlyList<StockLine> Lines) : ICommand<Versioned<TransitView>>;

internal sealed record ReceiveTransitBody(IReadOnlyList<StockLine> Lines);

internal sealed class ReceiveTransitValidator : AbstractValidator<ReceiveTransit>
{
    public ReceiveTransitValidator() => RuleFor(command => command.Lines).AreLines();
}

internal sealed class ReceiveTransitEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/transits/{id:guid}/receipts", static async (Guid id, ReceiveTransitBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var transit = await sender.Send(new ReceiveTransit(id, body.Lines), cancellationToken);
            EntityTags.Write(http, transit.Version);
            return Results.Ok(transit.View);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("ReceiveTransit")
        .WithSummary("Notes that goods on their way have arrived, all of them or a part.")
        .Produces<TransitView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class ReceiveTransitHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<ReceiveTransit, Versioned<TransitView>>
{
    public async Task<Versioned<TransitView>> Handle(ReceiveTransit request, CancellationToken cancellationToken)
    {
        var transit = await session.Documents.LoadAsync<StockTransit>(request.TransitId, cancellationToken) ?? throw ProblemException.NotFound("transfer", request.TransitId);
        transit.Settle(request.Lines, TransitAction.Receive, time.GetUtcNow());
        var stock = await locks.LockAsync(request.Lines.Select(line => StockKey.Of(transit.To, line.Sku)), cancellationToken);
        foreach (var line in request.Lines)
        {
            var item = stock[StockKey.Of(transit.To, line.Sku)];
            item.Append(item.State.Receive(transit.Id, line.Quantity, transit.From, transit.Reference));
        }

        await locks.SettleAsync(stock, cancellationToken);
        session.Documents.UpdateRevision(transit, transit.Version + 1);
        return TransitView.Of(transit, transit.Version + 1);
    }
}
