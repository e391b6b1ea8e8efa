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

namespace ModularMonolith.Ordering.Replacements;

[RetryOnConflict]
internal sealed record CallOffReplacement(Guid OrderId, Guid ReplacementId, string Reason) : ICommand<Versioned<OrderView>>;

/// <summary>Why goods are not sent again after all.</summary>
/// <param name="Reason">In words for the customer; at most 500 characters.</param>
internal sealed record CallOffReplacementBody(string Reason);

internal sealed class CallOffReplacementValidator : AbstractValidator<CallOffReplacement>
{
    public CallOffReplacementValidator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
}

internal sealed class CallOffReplacementEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/replacements/{replacementId:guid}/call-off", static async (Guid id, Guid replacementId, CallOffReplacementBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new CallOffReplacement(id, replacementId, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("CallOffReplacement")
        .WithSummary("Does not send the goods of a shipment again after all, as long as nothing of them is packed: its stock comes back. Repeating it answers the same order.")
        .WithDescription("The shipment counts again as if it had never been sent again: one that has turned up is the customer's, one that has not waits for another decision. What is sent in exchange cannot be called off.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CallOffReplacementHandler(OrderDesk desk, OrderReplacements replacements) : IRequestHandler<CallOffReplacement, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(CallOffReplacement request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var replacement = change.Order.Replacements.FirstOrDefault(replacement => replacement.Id == request.ReplacementId) ?? throw ProblemException.NotFound("replacement", request.ReplacementId);
        if (replacement.IsCalledOff)
        {
            return change.Answer;
        }

        if (replacement.Cause == ReplacementCause.Exchange)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The goods are sent in exchange for what has come back, so the customer would have neither. Refund the order instead, when they are back.");
        }

        if (replacement.Refusal is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "Nothing is sent again, because there was no stock for it. The shipment waits for another decision.");
        }

        if (change.Order.IsBeingSent(replacement))
        {
            throw new ProblemException(OrderingProblems.ReplacementPacked, "The goods are packed already, or have left. Should the customer get them twice, they can be returned.");
        }

        replacements.CallOff(change, replacement, request.Reason);
        return change.Answer;
    }
}
