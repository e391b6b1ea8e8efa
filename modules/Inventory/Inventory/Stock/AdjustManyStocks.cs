using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Many adjustments at once, after a count for example. Each is done or refused by itself.</summary>
[RetryOnConflict]
internal sealed record AdjustManyStocks(IReadOnlyList<AdjustStock> Items) : ICommand<BulkAnswer<StockItemView>>;

internal sealed class AdjustManyStocksValidator : AbstractValidator<AdjustManyStocks>
{
    private const int MostItems = 100;

    public AdjustManyStocksValidator()
    {
        RuleFor(command => command.Items).NotEmpty().Must(static items => items is not { Count: > MostItems }).WithMessage($"At most {MostItems} adjustments at once.");
        RuleForEach(command => command.Items).NotNull().SetValidator(new AdjustStockValidator());
    }
}

internal sealed class AdjustManyStocksEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/adjustments/bulk", static async (AdjustManyStocks body, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(body, cancellationToken)))
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("AdjustManyStocks")
        .WithSummary("Corrects the stock of up to 100 items. Each is answered by itself: with its new stock, or with the problem for which it was refused. A malformed item refuses the whole request.")
        .Produces<BulkAnswer<StockItemView>>().ProducesProblem(400).ProducesProblem(409).ProducesProblem(422);
}

internal sealed class AdjustManyStocksHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<AdjustManyStocks, BulkAnswer<StockItemView>>
{
    public async Task<BulkAnswer<StockItemView>> Handle(AdjustManyStocks request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var locations = (await Location.AllAsync(session.Documents, cancellationToken)).Select(static location => location.Id).ToHashSet(StringComparer.Ordinal);
        var keys = request.Items.Where(item => locations.Contains(item.Location)).Select(static item => StockKey.Of(item.Location, item.Sku));
        var stock = await locks.LockAsync(keys, cancellationToken);
        var answer = Bulk.Answer(request.Items, adjustment =>
        {
            if (!locations.Contains(adjustment.Location))
            {
                throw Location.Unknown(adjustment.Location);
            }

            var item = stock[StockKey.Of(adjustment.Location, adjustment.Sku)];
            item.Append(item.Existing(adjustment.Location, adjustment.Sku).Adjust(adjustment.Delta, adjustment.Reason, now));
            return StockItemView.Of(item.State, now);
        });
        await locks.SettleAsync(stock, cancellationToken);
        return answer;
    }
}
