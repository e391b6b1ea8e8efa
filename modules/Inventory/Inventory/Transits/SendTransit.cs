using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Transits;

/// <summary>Sends available stock to another location, where it is when it has arrived.</summary>
[RetryOnConflict]
internal sealed record SendTransit(string From, string To, IReadOnlyList<StockLine> Lines, string? Reference = null) : ICommand<TransitView>;

internal sealed class SendTransitValidator : AbstractValidator<SendTransit>
{
    public SendTransitValidator()
    {
        RuleFor(command => command.From).IsLocation();
        RuleFor(command => command.To).IsLocation()
            .Must(static (command, to) => to != command.From).WithMessage("The stock is at this location already. Name another one.");
        RuleFor(command => command.Lines).AreLines();
        RuleFor(command => command.Reference).IsNote();
    }
}

internal sealed class SendTransitEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/transits", static async (SendTransit body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var transit = await sender.Send(body, cancellationToken);
            EntityTags.Write(http, 1);
            return Results.Created("/api/inventory/transits/" + transit.Id, transit);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("SendTransit")
        .WithSummary("Sends stock to another location. It is on its way until its arrival is noted.")
        .Produces<TransitView>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class SendTransitHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<SendTransit, TransitView>
{
    public async Task<TransitView> Handle(SendTransit request, CancellationToken cancellationToken)
    {
        await Location.RequireAsync(session.Documents, request.From, cancellationToken);
        await Location.RequireActiveAsync(session.Documents, request.To, cancellationToken);
        var now = time.GetUtcNow();
        var transit = new StockTransit
        {
            Id = Guid.CreateVersion7(now),
            From = request.From,
            To = request.To,
            Reference = request.Reference,
            SentAt = now,
            Lines = [.. request.Lines.Select(static line => new TransitLine(line.Sku, line.Quantity))],
        };
        var stock = await locks.LockAsync(request.Lines.Select(line => StockKey.Of(request.From, line.Sku)), cancellationToken);
        foreach (var line in request.Lines)
        {
            var item = stock[StockKey.Of(request.From, line.Sku)];
            item.Append(item.Existing(request.From, line.Sku).Send(transit.Id, line.Quantity, request.To, request.Reference, now));
        }

        await locks.SettleAsync(stock, cancellationToken);
        session.Documents.Insert(transit);
        return TransitView.Of(transit, 1).View;
    }
}
