using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Reservations;

internal sealed record GetReservation(Guid Id) : IQuery<ReservationView>;

internal sealed record ReservationView(Guid Id, ReservationStatus Status, DateTimeOffset ExpiresAt, string? Reference, IReadOnlyList<ReservedLine> Lines);

internal sealed class GetReservationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/reservations/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetReservation(id), cancellationToken)))
        .RequirePermission("inventory:read").WithName("GetReservation").WithSummary("Shows a reservation, where its stock is held, and what became of it.")
        .Produces<ReservationView>().ProducesProblem(404);
}

internal sealed class GetReservationHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<GetReservation, ReservationView>
{
    public async Task<ReservationView> Handle(GetReservation request, CancellationToken cancellationToken)
    {
        var reservation = await session.Documents.LoadAsync<Reservation>(request.Id, cancellationToken) ?? throw ProblemException.NotFound("reservation", request.Id);
        var status = reservation.DueAt <= time.GetUtcNow() ? ReservationStatus.Expired : reservation.Status;
        return new ReservationView(reservation.Id, status, reservation.ExpiresAt, reservation.Reference, reservation.Lines);
    }
}
