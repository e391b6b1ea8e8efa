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

/// <summary>Gives a count up. The stock stays as it is.</summary>
[RetryOnConflict]
internal sealed record CancelCount(Guid CountId) : ICommand<Versioned<CountView>>;

internal sealed class CancelCountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/counts/{id:guid}/cancel", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var count = await sender.Send(new CancelCount(id), cancellationToken);
            EntityTags.Write(http, count.Version);
            return Results.Ok(count.View);
        })
        .RequirePermission("inventory:write").SupportsDryRun().WithName("CancelCount").WithSummary("Gives a count up without changing the stock.")
        .Produces<CountView>().ProducesProblem(404).ProducesProblem(409);
}

internal sealed class CancelCountHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<CancelCount, Versioned<CountView>>
{
    public async Task<Versioned<CountView>> Handle(CancelCount request, CancellationToken cancellationToken)
    {
        var count = await session.Documents.LoadAsync<StockCount>(request.CountId, cancellationToken) ?? throw ProblemException.NotFound("count", request.CountId);
        count.Status = StockCount.Next(count.Status, CountAction.Cancel);
        count.EndedAt = time.GetUtcNow();
        foreach (var line in count.Lines)
        {
            session.Documents.Delete<CountedItem>(StockKey.Of(count.Location, line.Sku));
        }

        session.Documents.UpdateRevision(count, count.Version + 1);
        return CountView.Of(count, count.Version + 1);
    }
}
