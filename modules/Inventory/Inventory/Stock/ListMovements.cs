using Carter;
using FluentValidation;
using Marten;
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

/// <summary>The history of one SKU at one location, newest first.</summary>
internal sealed record ListMovements(string Sku, string Location, int Limit, long? Before) : IQuery<Page<MovementView>>;

internal sealed record MovementCursor(long Number);

/// <param name="Number">The movement's number in its item's history, from 1.</param>
/// <param name="Type">What happened, for example <c>stock_received</c>.</param>
/// <param name="OnHandChange">By how much the stock on hand changed.</param>
/// <param name="ReservedChange">By how much the reserved part changed.</param>
/// <param name="OnHand">The stock on hand afterwards.</param>
/// <param name="Reserved">The reserved part afterwards.</param>
/// <param name="Note">The reason or the reference.</param>
/// <param name="ReservationId">The reservation that moved it, if it was one.</param>
/// <param name="At">When.</param>
internal sealed record MovementView(
    long Number, string Type, int OnHandChange, int ReservedChange, int OnHand, int Reserved, string? Note, Guid? ReservationId, DateTimeOffset At);

internal sealed class ListMovementsValidator : AbstractValidator<ListMovements>
{
    public ListMovementsValidator()
    {
        RuleFor(query => query.Sku).IsSku();
        RuleFor(query => query.Location).IsLocation();
        RuleFor(query => query.Before).GreaterThan(0).WithMessage("The cursor is not one of this list. Start again without a cursor.");
    }
}

internal sealed class ListMovementsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/movements", static async (
            string sku, string? location, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListMovements(sku, location ?? Location.DefaultCode, PageCursor.Size(limit), PageCursor.Decode<MovementCursor>(http, cursor)?.Number);
            var page = await sender.Send(query, cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListMovements").WithSummary("Lists the movements of a SKU at a location (main unless named), newest first.")
        .Produces<Page<MovementView>>().ProducesProblem(400).ProducesProblem(404);
}

internal sealed class ListMovementsHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListMovements, Page<MovementView>>
{
    public async Task<Page<MovementView>> Handle(ListMovements request, CancellationToken cancellationToken)
    {
        var key = StockKey.Of(request.Location, request.Sku);
        var before = request.Before ?? long.MaxValue;
        var events = await session.Events.QueryAllRawEvents()
            .Where(stored => stored.StreamKey == key && stored.Version < before)
            .OrderByDescending(stored => stored.Version)
            .Take(request.Limit + 1).ToListAsync(cancellationToken);
        if (events.Count == 0 && request.Before is null)
        {
            throw ProblemException.NotFound($"stock at {request.Location} of the SKU", request.Sku);
        }

        return Page.Of(events, request.Limit, static stored =>
        {
            var movement = (IStockMovement)stored.Data;
            return new MovementView(
                stored.Version, stored.EventTypeName, movement.OnHandChange, movement.ReservedChange, movement.Balance.OnHand, movement.Balance.Reserved,
                movement.Note, movement.Reservation, stored.Timestamp.ToUniversalTime());
        }, static item => new MovementCursor(item.Number));
    }
}
