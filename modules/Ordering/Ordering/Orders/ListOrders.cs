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

namespace ModularMonolith.Ordering.Orders;

internal sealed record ListOrders(OrderStatus? Status, bool? NeedsAttention, Guid? After, int Limit) : IQuery<Page<OrderSummary>>;

/// <summary>An order in a list.</summary>
/// <param name="Id">The order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Total">What it costs.</param>
/// <param name="ItemCount">How many pieces were ordered.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="NeedsAttention">Whether a parcel did not arrive, or a refund has failed, and nobody has decided yet what becomes of it.</param>
internal sealed record OrderSummary(Guid Id, OrderStatus Status, Money Total, int ItemCount, DateTimeOffset PlacedAt, bool NeedsAttention = false);

internal sealed class ListOrdersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders", static async (string? status, bool? needsAttention, string? cursor, int? limit, string? fields, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var selection = FieldSelection.Of<OrderSummary>(fields);
            var query = new ListOrders(StatusFrom(status), needsAttention, PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            var page = await sender.Send(query, cancellationToken);
            return FieldSelection.Answer(PageCursor.Linked(http, page), selection);
        })
        .RequireSubject()
        .WithName("ListOrders")
        .WithSummary("The caller's orders, newest first; everybody's with the permission ordering:read.")
        .WithDescription("needsAttention=true has the orders of which a parcel did not arrive or a refund has failed, until somebody has decided what becomes of it. fields names the fields of the orders that are wanted, with commas between them.")
        .Produces<Page<OrderSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    // By name only: Enum.TryParse alone would take numbers and lists too.
    private static OrderStatus? StatusFrom(string? text) => text is null
        ? null
        : Enum.GetValues<OrderStatus>().Cast<OrderStatus?>().FirstOrDefault(status => status.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no status '{text}'. Known are {string.Join(", ", Enum.GetNames<OrderStatus>()).ToLowerInvariant()}.");
}

internal sealed class ListOrdersHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<ListOrders, Page<OrderSummary>>
{
    public async Task<Page<OrderSummary>> Handle(ListOrders request, CancellationToken cancellationToken)
    {
        IQueryable<Order> orders = session.Documents.Query<Order>();
        if (ownership.OnlyOf(Ownership.ReadAll) is { } owner)
        {
            orders = orders.Where(order => order.Owner == owner);
        }

        if (request.Status is { } status)
        {
            orders = orders.Where(order => order.Status == status);
        }

        if (request.NeedsAttention is { } needsAttention)
        {
            orders = needsAttention ? orders.Where(static order => order.MatchesSql(Order.AttentionSql)) : orders.Where(static order => order.MatchesSql($"{Order.AttentionSql} is not true"));
        }

        if (request.After is { } after)
        {
            orders = orders.Where(order => order.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await orders.OrderByDescending(static order => order.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            found,
            request.Limit,
            static order => new OrderSummary(order.Id, order.Status, order.Total, order.Lines.Sum(static line => line.Quantity), order.PlacedAt, order.NeedsAttention),
            static item => new IdCursor(item.Id));
    }
}
