using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Policies;

/// <summary>Says how a SKU may be sold. Orders that wait are served if it lets them be; those that are over a new, lower limit stay.</summary>
[RetryOnConflict]
internal sealed record PutPolicy(string Sku, long? ExpectedVersion, StockPolicy Policy) : ICommand<Versioned<PolicyView>>;

internal sealed class PutPolicyValidator : AbstractValidator<PutPolicy>
{
    public PutPolicyValidator()
    {
        RuleFor(command => command.Sku).IsSku();
        RuleFor(command => command.Policy).SetValidator(new StockPolicyValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class PutPolicyEndpoint : ICarterModule
{
    // A SKU may contain slashes, which a path cannot carry unambiguously.
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/policies/item", static async (string sku, StockPolicy body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var policy = await sender.Send(new PutPolicy(sku, EntityTags.RequireIfMatch(http), body), cancellationToken);
            EntityTags.Write(http, policy.Version);
            return Results.Ok(policy.View);
        })
        .RequirePermission("inventory:write").SupportsDryRun().WithName("PutPolicy")
        .WithSummary("Says how a SKU may be sold: safety stock, back-orders, pre-orders, and when low stock is told.")
        .WithDescription("Needs the policy's ETag in If-Match; a SKU without a policy has one that allows nothing special, which is read like any other.")
        .Produces<PolicyView>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class PutPolicyHandler(StockLocks locks) : IRequestHandler<PutPolicy, Versioned<PolicyView>>
{
    public async Task<Versioned<PolicyView>> Handle(PutPolicy request, CancellationToken cancellationToken)
    {
        var stock = await locks.LockLedgersOfAsync([request.Sku], cancellationToken);
        var ledger = stock.LedgerOf(request.Sku)!;
        EntityTags.Check(request.ExpectedVersion, ledger.State.PolicyVersion);
        if (ledger.State.PolicyVersion == 0 || ledger.State.Policy != request.Policy)
        {
            ledger.Append(new PolicySet(request.Policy));
            await locks.SettleAsync(stock, cancellationToken);
        }

        return new Versioned<PolicyView>(PolicyView.Of(request.Sku, ledger.State.Policy), ledger.State.PolicyVersion);
    }
}
