using Carter;
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

/// <summary>Sets the stock right by the differences that were found, all of them or none. What came and went since the count stays as it is.</summary>
[RetryOnConflict]
internal sealed record CloseCount(Guid CountId) : ICommand<Versioned<CountView>>;

internal sealed class CloseCountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/counts/{id:guid}/close", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var count = await sender.Send(new CloseCount(id), cancellationToken);
            EntityTags.Write(http, count.Version);
            return Results.Ok(count.View);
        })
        .RequireIdempotencyKey().RequirePermission("inventory:write").SupportsDryRun().WithName("CloseCount")
        .WithSummary("Ends a count and sets the stock right by what was found.")
        .WithDescription("Refused as long as something is missing that is reserved: reservations are over within minutes.")
        .Produces<CountView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class CloseCountHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<CloseCount, Versioned<CountView>>
{
    public async Task<Versioned<CountView>> Handle(CloseCount request, CancellationToken cancellationToken)
    {
        var count = await session.Documents.LoadAsync<StockCount>(request.CountId, cancellationToken) ?? throw ProblemException.NotFound("count", request.CountId);
        count.Status = StockCount.Next(count.Status, CountAction.Close);
        count.EndedAt = time.GetUtcNow();
        var wrong = count.Lines.Where(static line => line.Difference != 0).ToList();
        var stock = await locks.LockAsync(wrong.Select(line => StockKey.Of(count.Location, line.Sku)), cancellationToken);
        foreach (var line in wrong)
        {
            var item = stock[StockKey.Of(count.Location, line.Sku)];
            var available = item.State.AvailableAt(count.EndedAt.Value);
            if (-line.Difference > available)
            {
                throw new ProblemException(InventoryProblems.InsufficientStock, $"{-line.Difference} of {line.Sku} are missing at {count.Location}, but only {available} are not reserved. Close the count again when the reservations are over.")
                    .With("sku", line.Sku).With("location", count.Location).With("onHand", item.State.OnHand).With("reserved", item.State.OnHand - available).With("available", available);
            }

            item.Append(item.State.Count(count.Id, line.Difference, count.EndedAt.Value));
        }

        await locks.SettleAsync(stock, cancellationToken);
        foreach (var line in count.Lines)
        {
            session.Documents.Delete<CountedItem>(StockKey.Of(count.Location, line.Sku));
        }

        session.Documents.UpdateRevision(count, count.Version + 1);
        return CountView.Of(count, count.Version + 1);
    }
}
