using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Notes;

[RetryOnConflict]
internal sealed record AddOrderNote(Guid OrderId, string Text, bool IsForCustomer, string? Author) : ICommand<OrderNote>;

/// <summary>A note on an order.</summary>
/// <param name="Text">1 to 2,000 characters.</param>
/// <param name="IsForCustomer">Whether the customer sees it; false unless given.</param>
internal sealed record OrderNoteBody(string Text, bool IsForCustomer = false);

/// <summary>A note on an order.</summary>
/// <param name="Id">The note.</param>
/// <param name="Text">What it says.</param>
/// <param name="IsForCustomer">Whether the customer sees it.</param>
/// <param name="Author">The subject who wrote it; only the staff is told.</param>
/// <param name="At">When.</param>
internal sealed record OrderNote(Guid Id, string Text, bool IsForCustomer, string? Author, DateTimeOffset At);

internal sealed class AddOrderNoteValidator : AbstractValidator<AddOrderNote>
{
    public AddOrderNoteValidator() => RuleFor(command => command.Text).NotEmpty().MaximumLength(2_000).NoNul();
}

internal sealed class AddOrderNoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/notes", static async (Guid id, OrderNoteBody body, ICaller caller, ISender sender, CancellationToken cancellationToken) =>
        {
            var note = await sender.Send(new AddOrderNote(id, body.Text, body.IsForCustomer, caller.Subject), cancellationToken);
            return Results.Created($"/api/ordering/orders/{id}/notes", note);
        })
        .RequirePermission("ordering:manage")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("AddOrderNote")
        .WithSummary("Writes a note on an order, for the staff or for the customer too. Notes are never changed.")
        .Produces<OrderNote>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class AddOrderNoteHandler(OrderDesk desk) : IRequestHandler<AddOrderNote, OrderNote>
{
    private const int Most = 200;

    public async Task<OrderNote> Handle(AddOrderNote request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        if (change.Order.NoteCount >= Most)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The order has {Most} notes, and it cannot have more.").With("state", change.Order.Status);
        }

        var added = new NoteAdded(Guid.CreateVersion7(desk.Now), request.Text, request.IsForCustomer, request.Author, desk.Now);
        change.Append(added);
        return new OrderNote(added.NoteId, added.Text, added.IsForCustomer, added.Author, added.AddedAt);
    }
}
