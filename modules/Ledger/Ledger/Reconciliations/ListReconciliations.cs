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

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>The reconciliations, newest first.</summary>
internal sealed record ListReconciliations(Guid? Before, int Limit) : IQuery<Page<ReconciliationSummary>>;

/// <param name="Id">The reconciliation.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment after the last.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="Provider">The provider; null before its first answer.</param>
/// <param name="DifferenceCount">How many captures and refunds differ.</param>
/// <param name="IsAcknowledged">Whether somebody has looked into the drift.</param>
internal sealed record ReconciliationSummary(
    Guid Id, DateTimeOffset From, DateTimeOffset To, ReconciliationStatus Status, DateTimeOffset StartedAt, string? Provider, int DifferenceCount, bool IsAcknowledged);

internal sealed class ListReconciliationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/reconciliations", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListReconciliations(PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("ledger:read")
        .WithName("ListReconciliations")
        .WithSummary("Lists the reconciliations, newest first.")
        .Produces<Page<ReconciliationSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListReconciliationsHandler(IModuleSession<ILedgerStore> session) : IRequestHandler<ListReconciliations, Page<ReconciliationSummary>>
{
    public async Task<Page<ReconciliationSummary>> Handle(ListReconciliations request, CancellationToken cancellationToken)
    {
        IQueryable<Reconciliation> query = session.Documents.Query<Reconciliation>();
        if (request.Before is { } before)
        {
            query = query.Where(reconciliation => reconciliation.MatchesSql("d.id < ?", before));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await query.OrderByDescending(static reconciliation => reconciliation.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            found,
            request.Limit,
            static reconciliation => new ReconciliationSummary(
                reconciliation.Id, reconciliation.From, reconciliation.To, reconciliation.Status, reconciliation.StartedAt, reconciliation.Provider, reconciliation.DifferenceCount,
                reconciliation.Acknowledged is not null),
            static item => new IdCursor(item.Id));
    }
}
