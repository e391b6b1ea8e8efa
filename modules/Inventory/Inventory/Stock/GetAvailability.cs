using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Stock;

/// <summary>What a shop may tell its customers: how many can be bought, but not how large the stock is.</summary>
internal sealed record GetAvailability(string Sku) : IQuery<Availability>;

/// <param name="Sku">The SKU.</param>
/// <param name="Available">0 to 10; 10 stands for 10 or more.</param>
/// <param name="IsBackordered">Whether all of it has to arrive first.</param>
/// <param name="PreorderUntil">Until when it is sold before it exists, if it is.</param>
/// <param name="RestockDays">In how many days what has to arrive is likely to, when that is known.</param>
internal sealed record Availability(string Sku, int Available, bool IsBackordered = false, DateTimeOffset? PreorderUntil = null, int? RestockDays = null);

internal sealed class GetAvailabilityValidator : AbstractValidator<GetAvailability>
{
    public GetAvailabilityValidator() => RuleFor(query => query.Sku).IsSku();
}

internal sealed class GetAvailabilityEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/availability", static async (string sku, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetAvailability(sku), cancellationToken)))
        .AllowAnonymous().HoldsNothingPersonal().WithName("GetAvailability").WithSummary("Tells how many of a SKU can be bought, 10 standing for 10 or more.")
        .Produces<Availability>().ProducesProblem(400).ProducesProblem(404);
}

internal sealed class GetAvailabilityHandler(IModuleSession<IInventoryStore> session, LocationDirectory locations, TimeProvider time) : IRequestHandler<GetAvailability, Availability>
{
    private const int HighestShown = 10;

    public async Task<Availability> Handle(GetAvailability request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stock = await SkuStock.FindAsync(session.Documents, [request.Sku], locations, cancellationToken);
        if (!stock.Knows(request.Sku))
        {
            throw ProblemException.NotFound("stock of the SKU", request.Sku);
        }

        var promise = stock.PromiseOf(request.Sku, now);
        var policy = stock.LedgerOf(request.Sku)?.Policy;
        return new Availability(
            request.Sku, (int)Math.Min(HighestShown, promise.Orderable), promise is { FromStock: 0, Backorderable: > 0 },
            policy?.PreorderUntil > now ? policy.PreorderUntil : null, promise.FromStock == 0 ? policy?.RestockDays : null);
    }
}
