using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Stock;

/// <summary>What a shop may tell its customers: how many can be bought, but not how large the stock is.</summary>
internal sealed record GetAvailability(string Sku) : IQuery<Availability>;

/// <param name="Sku">The SKU.</param>
/// <param name="Available">0 to 10; 10 stands for 10 or more.</param>
internal sealed record Availability(string Sku, int Available);

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

internal sealed class GetAvailabilityHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<GetAvailability, Availability>
{
    private const int HighestShown = 10;

    public async Task<Availability> Handle(GetAvailability request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var items = await LockedStock.FindAsync(session.Documents, [request.Sku], cancellationToken);
        return items.Count == 0
            ? throw ProblemException.NotFound("stock of the SKU", request.Sku)
            : new Availability(request.Sku, (int)Math.Min(HighestShown, items.Sum(item => (long)item.AvailableAt(now))));
    }
}
