using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.Payments;

[RetryOnConflict]
internal sealed record SettleOperation(Guid PaymentId, Guid OperationId, bool Happened, string? ProviderReference, string Reason, bool IsOutside = false) : ICommand;

/// <summary>What came of an operation, as the provider's own pages show it.</summary>
/// <param name="OperationId">The operation, which the payment lists as pending.</param>
/// <param name="Happened">Whether it had its effect.</param>
/// <param name="ProviderReference">
/// The provider's id of what it has made: of the payment for an authorisation, of the capture or refund otherwise. Needed where it happened, except for a cancellation. Of what was given back outside, the
/// transfer's reference, if it has one.
/// </param>
/// <param name="Reason">How this is known.</param>
/// <param name="IsOutside">Whether the money was given back in another way than by the provider, by a transfer say. Only for what is given back, and has happened.</param>
internal sealed record SettleOperationBody(Guid OperationId, bool Happened, string Reason, string? ProviderReference = null, bool IsOutside = false);

internal sealed class SettleOperationValidator : AbstractValidator<SettleOperation>
{
    public SettleOperationValidator()
    {
        RuleFor(command => command.OperationId).NotEmpty();
        RuleFor(command => command.ProviderReference).MaximumLength(255).NoNul();
        RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
        RuleFor(command => command.IsOutside).Equal(false).When(static command => !command.Happened).WithMessage("What was given back outside has happened.");
    }
}

internal sealed class SettleOperationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/payments/{id:guid}/settle", static async (Guid id, SettleOperationBody body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new SettleOperation(id, body.OperationId, body.Happened, body.ProviderReference, body.Reason, body.IsOutside), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("payments:manage")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("SettleOperation")
        .WithSummary("Says what came of an operation whose outcome nobody knows, after a look at the provider's own pages. The payment goes on from there.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class SettleOperationHandler(IModuleSession<IPaymentsStore> session, PaymentWriter writer, OperationTable operations, IPaymentProvider provider, ICaller caller, TimeProvider time) : IRequestHandler<SettleOperation, Unit>
{
    private static readonly TimeSpan AssumedValidity = TimeSpan.FromDays(6);

    public async Task<Unit> Handle(SettleOperation request, CancellationToken cancellationToken)
    {
        var streams = await PaymentStreams.LoadAsync(session, [request.PaymentId], cancellationToken);
        if (streams.Find(request.PaymentId) is not { } stream)
        {
            throw ProblemException.NotFound("payment", request.PaymentId);
        }

        var book = await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken);
        var change = new PaymentChange(stream.Aggregate!, book, provider.Name, time) { Origin = session.Headers };
        if (change.Payment.Pending.FirstOrDefault(pending => pending.Id == request.OperationId) is not { } operation)
        {
            throw new ProblemException(PaymentsProblems.OperationSettled, $"The payment has no pending operation {request.OperationId}.");
        }

        var state = (await operations.OfPaymentAsync(request.PaymentId, cancellationToken)).Find(state => state.Id == operation.Id);
        if (state is { IsLeased: true })
        {
            throw new ProblemException(PaymentsProblems.OperationUnderWay, "A host is asking the provider at this moment. Try again when it has answered.");
        }

        var outcome = request.IsOutside ? GivenOutside(change, operation, request, state is { IsStuck: true }) : OutcomeOf(change, operation, request);
        change.Settle(operation, outcome, new OutcomeSettled(operation.Id, request.Happened, request.ProviderReference, request.Reason, caller.Subject, time.GetUtcNow(), request.IsOutside));
        OperationQueue.End(session, operation.Id);
        writer.Write(change, stream);
        writer.Write(book);
        return Unit.Value;
    }

    // The ledger books it elsewhere than at the provider, so nothing of it may be on its way there.
    private static WasRefunded GivenOutside(PaymentChange change, PendingOperation operation, SettleOperation request, bool isLeftToTheStaff) =>
        !operation.IsOfRefund ? throw new ProblemException(ProblemTypes.IllegalState, "Only money that is given back can be given back outside of the provider.")
        : change.IsRecheck(operation) ? throw new ProblemException(ProblemTypes.IllegalState, "This has been given back by the provider, who is only asked whether it has come back. Settle first whether it has.")
        : operation.Kind == OperationKind.Check && !isLeftToTheStaff
            ? throw new ProblemException(ProblemTypes.IllegalState, "The provider has begun to give it back, so the customer may get it from there. Wait for the outcome, or settle what has come of it.")
        : new WasRefunded(request.ProviderReference ?? operation.Id.ToString(), IsOutside: true);

    private ProviderOutcome OutcomeOf(PaymentChange change, PendingOperation operation, SettleOperation request)
    {
        if (!request.Happened)
        {
            return change.CanRefuse(operation)
                ? new WasRefused("not-done", "The provider has not done it.")
                : throw new ProblemException(ProblemTypes.IllegalState, "A part of this has been given back already, so the rest has to be given back too, in another way if need be. Settle it as happened then.");
        }

        var reference = operation.Kind == OperationKind.Cancel ? string.Empty : request.ProviderReference
            ?? throw new ProblemException(ProblemTypes.IllegalState, "Name the provider's reference of what has happened.");
        return operation.Kind switch
        {
            _ when operation.IsOfRefund => new WasRefunded(reference),
            OperationKind.Authorise or OperationKind.Check => new WasAuthorised(operation.Intent ?? reference, time.GetUtcNow() + AssumedValidity, false),
            OperationKind.Capture or OperationKind.Charge => new WasCaptured(operation.Intent ?? reference, reference),
            _ => new WasCancelled(),
        };
    }
}
