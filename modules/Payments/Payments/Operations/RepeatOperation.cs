using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.Operations;

/// <summary>Has the provider asked now instead of at the next attempt, also where nobody would ask any more. The call is the same under the same key, so nothing is done twice.</summary>
internal sealed record RepeatOperation(Guid PaymentId, Guid OperationId) : ICommand;

internal sealed class RepeatOperationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/payments/{id:guid}/operations/{operationId:guid}/retry", static async (Guid id, Guid operationId, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RepeatOperation(id, operationId), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("payments:manage")
        .SupportsDryRun()
        .WithName("RetryPaymentOperation")
        .WithSummary("Has the provider asked now what came of an operation, also of one that is left to the staff. The provider does nothing twice.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RepeatOperationHandler(IModuleSession<IPaymentsStore> session, OperationQueue queue, TimeProvider time) : IRequestHandler<RepeatOperation, Unit>
{
    private const string Ask = "update provider_operation set next_attempt_at = case when is_leased then next_attempt_at else ? end, is_asked = is_leased, state = 'waiting' where id = ?";

    public async Task<Unit> Handle(RepeatOperation request, CancellationToken cancellationToken)
    {
        var payment = await session.Documents.LoadAsync<Payment>(request.PaymentId, cancellationToken) ?? throw ProblemException.NotFound("payment", request.PaymentId);
        if (payment.Pending.All(pending => pending.Id != request.OperationId))
        {
            throw new ProblemException(PaymentsProblems.OperationSettled, $"The payment has no pending operation {request.OperationId}.");
        }

        session.Documents.QueueSqlCommand(Ask, time.GetUtcNow(), request.OperationId);
        session.RecordChange("provider_operation", request.OperationId.ToString(), "stored");
        session.AfterCommit(queue.Wake);
        return Unit.Value;
    }
}
