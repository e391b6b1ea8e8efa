using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Notes;

internal sealed record ListOrderNotes(Guid OrderId) : IQuery<OrderNotes>;

/// <summary>The notes of an order, oldest first.</summary>
/// <param name="Notes">At most 200.</param>
internal sealed record OrderNotes(IReadOnlyList<OrderNote> Notes);

internal sealed class ListOrderNotesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}/notes", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ListOrderNotes(id), cancellationToken)))
        .RequireSubject()
        .WithName("ListOrderNotes")
        .WithSummary("The notes of an order, oldest first; customers see those that are for them.")
        .Produces<OrderNotes>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class ListOrderNotesHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<ListOrderNotes, OrderNotes>
{
    public async Task<OrderNotes> Handle(ListOrderNotes request, CancellationToken cancellationToken)
    {
        var events = await session.Events.FetchStreamAsync(request.OrderId, token: cancellationToken);
        ownership.Require(OrderFold.Of(request.OrderId, events), request.OrderId, Ownership.ReadAll);
        var isStaff = ownership.SeesAll;
        return new OrderNotes(
        [
            .. events.Select(static entry => entry.Data).OfType<NoteAdded>().Where(note => isStaff || note.IsForCustomer)
                .Select(note => new OrderNote(note.NoteId, note.Text, note.IsForCustomer, isStaff ? note.Author : null, note.AddedAt)),
        ]);
    }
}
