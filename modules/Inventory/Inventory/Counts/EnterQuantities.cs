using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Counts;

/// <summary>A quantity that was found.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="Counted">0 or more. What was sold and waits to be packed does not belong to it.</param>
internal sealed record FoundQuantity(string Sku, int Counted);

/// <summary>Notes what was found, and what should have been there at this moment. A SKU that is counted again is noted anew.</summary>
[RetryOnConflict]
internal sealed record EnterQuantities(Guid CountId, IReadOnlyList<FoundQuantity> Items) : ICommand<Versioned<CountView>>;

internal sealed record EnterQuantitiesBody(IReadOnlyList<FoundQuantity> Items);

internal sealed class EnterQuantitiesValidator : AbstractValidator<EnterQuantities>
{
    private const int MostItems = 100;

    public EnterQuantitiesValidator()
    {
        RuleFor(command => command.Items).NotEmpty().Must(static items => items is not { Count: > MostItems }).WithMessage($"At most {MostItems} SKUs at once.")
            .Must(static items => items is null || items.DistinctBy(static item => item?.Sku).Count() == items.Count).WithMessage("Name each SKU once.");
        RuleForEach(command => command.Items).NotNull().ChildRules(static item =>
        {
            item.RuleFor(static found => found.Sku).IsSku();
            item.RuleFor(static found => found.Counted).InclusiveBetween(0, StockItem.MaximumQuantity).WithMessage("The quantity is 0 to 1,000,000,000.");
        });
    }
}

internal sealed class EnterQuantitiesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/counts/{id:guid}/quantities", static async (Guid id, EnterQuantitiesBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var count = await sender.Send(new EnterQuantities(id, body.Items), cancellationToken);
            EntityTags.Write(http, count.Version);
            return Results.Ok(count.View);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("EnterQuantities")
        .WithSummary("Notes what was found of up to 100 SKUs, compared with what should be there at this moment.")
        .Produces<CountView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class EnterQuantitiesHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<EnterQuantities, Versioned<CountView>>
{
    public async Task<Versioned<CountView>> Handle(EnterQuantities request, CancellationToken cancellationToken)
    {
        var count = await session.Documents.LoadAsync<StockCount>(request.CountId, cancellationToken) ?? throw ProblemException.NotFound("count", request.CountId);
        StockCount.Next(count.Status, CountAction.Enter);
        var keys = request.Items.Select(item => StockKey.Of(count.Location, item.Sku)).ToList();
        var stock = await locks.LockAsync(keys, cancellationToken);
        await ClaimAsync(count, keys, cancellationToken);
        var now = time.GetUtcNow();
        var entered = request.Items.Select(item => new CountedLine(item.Sku, item.Counted, stock[StockKey.Of(count.Location, item.Sku)].State.OnHand, now)).ToList();
        var again = entered.Select(static line => line.Sku).ToHashSet(StringComparer.Ordinal);
        count.Lines = [.. count.Lines.Where(line => !again.Contains(line.Sku)), .. entered];
        if (count.Lines.Count > StockCount.MostLines)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"A count has at most {StockCount.MostLines} SKUs. Close this one, and open another for the rest.");
        }

        session.Documents.UpdateRevision(count, count.Version + 1);
        return CountView.Of(count, count.Version + 1);
    }

    // Two counts of one item would each set it right by the same difference.
    private async Task ClaimAsync(StockCount count, List<string> keys, CancellationToken cancellationToken)
    {
        var claimed = (await session.Documents.LoadManyAsync<CountedItem>(cancellationToken, keys)).ToDictionary(static item => item.Id, StringComparer.Ordinal);
        if (claimed.Values.FirstOrDefault(item => item.CountId != count.Id) is { } other)
        {
            throw new ProblemException(InventoryProblems.CountInProgress, $"{StockKey.SkuOf(other.Id)} is being counted at {count.Location} already. Close or cancel that count first, or leave the SKU out.")
                .With("sku", StockKey.SkuOf(other.Id)).With("countId", other.CountId);
        }

        foreach (var key in keys.Where(key => !claimed.ContainsKey(key)))
        {
            session.Documents.Insert(new CountedItem(key, count.Id));
        }
    }
}
