using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Policies;

/// <summary>The policies of all SKUs that have one, by SKU.</summary>
internal sealed record ListPolicies(int Limit, string? After) : IQuery<Page<PolicyView>>;

internal sealed record PolicyCursor(string Sku);

internal sealed class ListPoliciesValidator : AbstractValidator<ListPolicies>
{
    public ListPoliciesValidator() => RuleFor(query => query.After).NoNul();
}

internal sealed class ListPoliciesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/policies", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListPolicies(PageCursor.Size(limit), PageCursor.Decode<PolicyCursor>(http, cursor)?.Sku), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListPolicies").WithSummary("Lists the SKUs that have a policy, with it.")
        .Produces<Page<PolicyView>>().ProducesProblem(400);
}

internal sealed class ListPoliciesHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListPolicies, Page<PolicyView>>
{
    public async Task<Page<PolicyView>> Handle(ListPolicies request, CancellationToken cancellationToken)
    {
        IQueryable<SkuLedger> query = session.Documents.Query<SkuLedger>();
        if (request.After is { } after)
        {
            var key = SkuLedger.KeyOf(after);
            query = query.Where(ledger => ledger.Id.CompareTo(key) > 0);
        }

        var found = await query.OrderBy(ledger => ledger.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, static ledger => PolicyView.Of(ledger.Sku, ledger.Policy), static item => new PolicyCursor(item.Sku));
    }
}
