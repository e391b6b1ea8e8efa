using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.Payments;

internal sealed record ListPayments(PaymentStatus? Status, Guid? After, int Limit) : IQuery<Page<PaymentSummary>>;

/// <summary>A payment in a list.</summary>
/// <param name="Id">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">What is to be paid.</param>
/// <param name="Captured">What was taken.</param>
/// <param name="Refunded">What of it was given back.</param>
/// <param name="OpenedAt">When it was asked for.</param>
internal sealed record PaymentSummary(Guid Id, string Reference, PaymentStatus Status, Money Amount, Money Captured, Money Refunded, DateTimeOffset OpenedAt);

internal sealed class ListPaymentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/payments", static async (string? status, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListPayments(StatusName.Read<PaymentStatus>(status), PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("payments:read")
        .WithName("ListPayments")
        .WithSummary("The payments, newest first.")
        .Produces<Page<PaymentSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListPaymentsHandler(IModuleSession<IPaymentsStore> session) : IRequestHandler<ListPayments, Page<PaymentSummary>>
{
    public async Task<Page<PaymentSummary>> Handle(ListPayments request, CancellationToken cancellationToken)
    {
        IQueryable<Payment> payments = session.Documents.Query<Payment>();
        if (request.Status is { } status)
        {
            payments = payments.Where(payment => payment.Status == status);
        }

        if (request.After is { } after)
        {
            payments = payments.Where(payment => payment.MatchesSql("d.id < ?", after));
        }

        var found = await payments.OrderByDescending(static payment => payment.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            found,
            request.Limit,
            static payment => new PaymentSummary(
                payment.Id, payment.Reference, payment.Status, payment.Amount, new Money(payment.Captured, payment.Amount.Currency), new Money(payment.Refunded, payment.Amount.Currency), payment.OpenedAt),
            static item => new IdCursor(item.Id));
    }
}
