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

/// <summary>A policy for one SKU among many.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="Policy">The policy.</param>
/// <param name="ExpectedVersion">The version that it replaces; null for whichever there is.</param>
internal sealed record SkuPolicy(string Sku, StockPolicy Policy, long? ExpectedVersion = null);

/// <summary>Sets many policies at once. Each is set or refused by itself.</summary>
[RetryOnConflict]
internal sealed record PutManyPolicies(IReadOnlyList<SkuPolicy> Items) : ICommand<BulkAnswer<PolicyView>>;

internal sealed class PutManyPoliciesValidator : AbstractValidator<PutManyPolicies>
{
    private const int MostItems = 100;

    public PutManyPoliciesValidator()
    {
        RuleFor(command => command.Items).NotEmpty().Must(static items => items is not { Count: > MostItems }).WithMessage($"At most {MostItems} policies at once.")
            .Must(static items => items is null || items.DistinctBy(static item => item?.Sku).Count() == items.Count).WithMessage("Name each SKU once.");
        RuleForEach(command => command.Items).NotNull().ChildRules(static item =>
        {
            item.RuleFor(static policy => policy.Sku).IsSku();
            item.RuleFor(static policy => policy.Policy).NotNull().SetValidator(new StockPolicyValidator());
        });
    }
}

internal sealed class PutManyPoliciesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/policies/bulk", static async (PutManyPolicies body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequirePermission("inventory:write").SupportsDryRun().WithName("PutManyPolicies")
        .WithSummary("Sets the policies of up to 100 SKUs. Each is answered by itself; one whose expectedVersion is not the present one is refused.")
        .Produces<BulkAnswer<PolicyView>>().ProducesProblem(400).ProducesProblem(409);
}

internal sealed class PutManyPoliciesHandler(StockLocks locks) : IRequestHandler<PutManyPolicies, BulkAnswer<PolicyView>>
{
    public async Task<BulkAnswer<PolicyView>> Handle(PutManyPolicies request, CancellationToken cancellationToken)
    {
        var stock = await locks.LockLedgersOfAsync(request.Items.Select(static item => item.Sku), cancellationToken);
        var answer = Bulk.Answer(request.Items, item =>
        {
            var ledger = stock.LedgerOf(item.Sku)!;
            EntityTags.Check(item.ExpectedVersion, ledger.State.PolicyVersion);
            if (ledger.State.PolicyVersion == 0 || ledger.State.Policy != item.Policy)
            {
                ledger.Append(new PolicySet(item.Policy));
            }

            return PolicyView.Of(item.Sku, ledger.State.Policy);
        });
        await locks.SettleAsync(stock, cancellationToken);
        return answer;
    }
}
