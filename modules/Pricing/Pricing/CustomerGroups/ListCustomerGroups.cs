using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.CustomerGroups;

internal sealed record ListCustomerGroups(int Limit, string? After) : IQuery<Page<CustomerGroupView>>;

internal sealed record CodeCursor(string Code);

internal sealed class ListCustomerGroupsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/customer-groups", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListCustomerGroups(PageCursor.Size(limit), PageCursor.Decode<CodeCursor>(http, cursor)?.Code), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListCustomerGroups").WithSummary("Lists customer groups by code.")
        .Produces<Page<CustomerGroupView>>().ProducesProblem(400);
}

internal sealed class ListCustomerGroupsHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListCustomerGroups, Page<CustomerGroupView>>
{
    public async Task<Page<CustomerGroupView>> Handle(ListCustomerGroups request, CancellationToken cancellationToken)
    {
        IQueryable<CustomerGroup> query = session.Documents.Query<CustomerGroup>();
        if (request.After is { } after)
        {
            query = query.Where(group => group.Id.CompareTo(after) > 0);
        }

        var found = await query.OrderBy(group => group.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, static group => CustomerGroupView.Of(group, group.Version), static item => new CodeCursor(item.Code));
    }
}
