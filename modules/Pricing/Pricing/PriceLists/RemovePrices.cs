using System.Text.Json;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.PriceLists;

/// <param name="VariantId">The variant.</param>
/// <param name="MinQuantity">The quantity whose price is meant; 1 when left out.</param>
internal sealed record PriceKey(Guid VariantId, int MinQuantity = 1);

/// <param name="Prices">1 to 500 prices.</param>
internal sealed record PriceKeysBody(IReadOnlyList<PriceKey> Prices);

internal sealed record RemovePrices(string Code, IReadOnlyList<PriceKey> Prices) : ICommand;

internal sealed class RemovePricesValidator : AbstractValidator<RemovePrices>
{
    public RemovePricesValidator()
    {
        RuleFor(command => command.Prices).NotEmpty()
            .Must(static prices => prices is not { Count: > PutPricesValidator.MostPrices }).WithMessage($"At most {PutPricesValidator.MostPrices} prices at once.");
        RuleForEach(command => command.Prices).NotNull().ChildRules(static price => price.RuleFor(static given => given.MinQuantity).InclusiveBetween(1, PutPricesValidator.MaximumQuantity));
    }
}

internal sealed class RemovePricesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/price-lists/{code}/prices/remove", static async (string code, PriceKeysBody body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RemovePrices(code, body.Prices), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("RemovePrices").WithSummary("Takes up to 500 prices out of a list. Repeating it changes nothing more.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class RemovePricesHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<RemovePrices, Unit>
{
    public async Task<Unit> Handle(RemovePrices request, CancellationToken cancellationToken)
    {
        var list = await PriceList.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("price list", request.Code);
        var rows = JsonSerializer.Serialize(request.Prices.Distinct().Select(static price => new { variant_id = price.VariantId, min_quantity = price.MinQuantity }));
        session.Documents.QueueSqlCommand(PriceListTables.Remove, rows, list.Id, list.Id, list.Currency, time.GetUtcNow());
        session.RecordChange("price-list", list.Id, "stored");
        return Unit.Value;
    }
}
