using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.Payments;

internal sealed record GetPayment(Guid PaymentId) : IQuery<PaymentView>;

internal sealed class GetPaymentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/payments/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetPayment(id), cancellationToken)))
        .RequirePermission("payments:read")
        .WithName("GetPayment")
        .WithSummary("A payment with all that has happened to it and what the provider has still to answer.")
        .Produces<PaymentView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetPaymentHandler(IModuleSession<IPaymentsStore> session, OperationTable operations) : IRequestHandler<GetPayment, PaymentView>
{
    public async Task<PaymentView> Handle(GetPayment request, CancellationToken cancellationToken)
    {
        var payment = await session.Documents.LoadAsync<Payment>(request.PaymentId, cancellationToken) ?? throw ProblemException.NotFound("payment", request.PaymentId);
        var events = await session.Events.FetchStreamAsync(request.PaymentId, token: cancellationToken);
        return PaymentView.Of(
            payment, payment.Pending.Count == 0 ? [] : await operations.OfPaymentAsync(request.PaymentId, cancellationToken),
            [.. events.Select(static entry => new PaymentEventView(entry.Version, entry.EventTypeName, entry.Timestamp, entry.Data))]);
    }
}
