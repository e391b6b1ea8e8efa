using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.Operations;

internal enum OperationProgress
{
    /// <summary>It is tried at a time.</summary>
    Waiting,

    /// <summary>A host is asking the provider.</summary>
    UnderWay,

    /// <summary>Nobody tries any more: it waits for the staff.</summary>
    Stuck,
}

internal sealed record ListOperations(OperationProgress? Status, Guid? After, int Limit) : IQuery<Page<OperationView>>;

/// <summary>A call to the provider whose outcome is not known yet.</summary>
/// <param name="Id">The operation, which is also its idempotency key at the provider.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What the payment is for: the order.</param>
/// <param name="Kind">What is to be done, or asked.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">How much; for a cancellation what was taken and stays.</param>
/// <param name="MayHaveArrived">Whether the provider may have done it already.</param>
/// <param name="Attempts">How often it was tried without an outcome.</param>
/// <param name="Error">What went wrong last; null when nothing has.</param>
/// <param name="NextAttemptAt">When it is tried again; null while it is under way, and when it is left to the staff.</param>
/// <param name="CreatedAt">When it became necessary.</param>
internal sealed record OperationView(
    Guid Id, Guid PaymentId, string Reference, OperationKind Kind, OperationProgress Status, Money Amount, bool MayHaveArrived, int Attempts, string? Error, DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt)
{
    public static OperationView Of(ProviderOperation operation, OperationProgress status, bool mayHaveArrived, int attempts, string error, DateTimeOffset? nextAttemptAt) => new(
        operation.Id, operation.PaymentId, operation.Reference, operation.Kind, status, operation.Amount, mayHaveArrived, attempts, error.Length == 0 ? null : error, nextAttemptAt, operation.CreatedAt);
}

internal sealed class ListOperationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/operations", static async (string? status, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListOperations(StatusName.Read<OperationProgress>(status), PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("payments:read")
        .WithName("ListPaymentOperations")
        .WithSummary("The calls to the provider whose outcome is not known yet, oldest first.")
        .Produces<Page<OperationView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListOperationsHandler(OperationOverview overview) : IRequestHandler<ListOperations, Page<OperationView>>
{
    public async Task<Page<OperationView>> Handle(ListOperations request, CancellationToken cancellationToken)
    {
        var found = await overview.ListAsync(request.Status, request.After ?? Guid.Empty, request.Limit + 1, cancellationToken);
        return Page.Of(found, request.Limit, static item => new IdCursor(item.Id));
    }
}
