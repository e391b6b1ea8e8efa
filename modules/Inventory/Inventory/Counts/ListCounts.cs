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

namespace ModularMonolith.Inventory.Counts;

/// <summary>Counts, the newest first.</summary>
internal sealed record ListCounts(int Limit, Guid? After) : IQuery<Page<CountSummary>>;

/// <summary>A count in a list.</summary>
/// <param name="Id">The count.</param>
/// <param name="Location">Where.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Note">What people wrote.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="EndedAt">When it was closed or cancelled.</param>
/// <param name="Skus">How many SKUs were counted.</param>
/// <param name="Wrong">Of how many another quantity was found than should have been there.</param>
internal sealed record CountSummary(Guid Id, string Location, CountStatus Status, string? Note, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, int Skus, int Wrong);

internal sealed class ListCountsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/counts", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListCounts(PageCursor.Size(limit), PageCursor.Decode<IdCursor>(http, cursor)?.Id), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListCounts").WithSummary("Lists counts, the newest first.")
        .Produces<Page<CountSummary>>().ProducesProblem(400);
}

internal sealed class ListCountsHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListCounts, Page<CountSummary>>
{
    public async Task<Page<CountSummary>> Handle(ListCounts request, CancellationToken cancellationToken)
    {
        IQueryable<StockCount> query = session.Documents.Query<StockCount>();
        if (request.After is { } after)
        {
            query = query.Where(count => count.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await query.OrderByDescending(static count => count.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            found,
            request.Limit,
            static count => new CountSummary(
                count.Id, count.Location, count.Status, count.Note, count.OpenedAt, count.EndedAt, count.Lines.Count, count.Lines.Count(static line => line.Difference != 0)),
            static item => new IdCursor(item.Id));
    }
}
