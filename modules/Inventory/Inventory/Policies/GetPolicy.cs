using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Policies;

internal sealed record GetPolicy(string Sku) : IQuery<Versioned<PolicyView>>;

/// <summary>How a SKU may be sold.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="SafetyStock">What is kept back, over all locations.</param>
/// <param name="BackorderLimit">How many may be ordered at one time that have to arrive first.</param>
/// <param name="PreorderUntil">Until then the limit of pre-orders holds in its place.</param>
/// <param name="PreorderLimit">How many may be ordered until then.</param>
/// <param name="LowStockThreshold">When what is there and not promised falls to this, it is told; 0 for never.</param>
/// <param name="RestockDays">In how many days what has to arrive is likely to.</param>
internal sealed record PolicyView(string Sku, int SafetyStock, int BackorderLimit, DateTimeOffset? PreorderUntil, int PreorderLimit, int LowStockThreshold, int? RestockDays)
{
    public static PolicyView Of(string sku, StockPolicy policy) =>
        new(sku, policy.SafetyStock, policy.BackorderLimit, policy.PreorderUntil?.ToUniversalTime(), policy.PreorderLimit, policy.LowStockThreshold, policy.RestockDays);
}

internal sealed class GetPolicyValidator : AbstractValidator<GetPolicy>
{
    public GetPolicyValidator() => RuleFor(query => query.Sku).IsSku();
}

internal sealed class GetPolicyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/policies/item", static async (string sku, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var policy = await sender.Send(new GetPolicy(sku), cancellationToken);
            if (EntityTags.ClientHas(http, policy.Version))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified);
            }

            EntityTags.Write(http, policy.Version);
            return Results.Ok(policy.View);
        })
        .RequirePermission("inventory:read").WithName("GetPolicy").WithSummary("Shows how a SKU may be sold.")
        .Produces<PolicyView>().Produces(304).ProducesProblem(400);
}

internal sealed class GetPolicyHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetPolicy, Versioned<PolicyView>>
{
    public async Task<Versioned<PolicyView>> Handle(GetPolicy request, CancellationToken cancellationToken)
    {
        var ledger = await session.Documents.LoadAsync<SkuLedger>(SkuLedger.KeyOf(request.Sku), cancellationToken);
        return new Versioned<PolicyView>(PolicyView.Of(request.Sku, ledger?.Policy ?? StockPolicy.None), ledger?.PolicyVersion ?? 0);
    }
}
