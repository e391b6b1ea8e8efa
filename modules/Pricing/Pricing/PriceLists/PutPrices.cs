using System.Text.Json;
using Carter;
using FluentValidation;
using FluentValidation.Results;
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
/// <param name="Price">The price of one, in the list's currency.</param>
/// <param name="CompareAtPrice">The crossed-out price of one, if there is one.</param>
/// <param name="MinQuantity">From how many pieces on it counts; 1 when left out.</param>
internal sealed record ListedPrice(Guid VariantId, Money Price, Money? CompareAtPrice = null, int MinQuantity = 1);

/// <param name="Prices">1 to 500 prices.</param>
internal sealed record PricesBody(IReadOnlyList<ListedPrice> Prices);

internal sealed record PutPrices(string Code, IReadOnlyList<ListedPrice> Prices) : ICommand;

internal sealed class PutPricesValidator : AbstractValidator<PutPrices>
{
    public const int MostPrices = 500;
    public const int MaximumQuantity = 1_000_000;
    public const long MaximumPrice = 1_000_000_000_000;

    public PutPricesValidator()
    {
        RuleFor(command => command.Prices).NotEmpty().Must(static prices => prices is not { Count: > MostPrices }).WithMessage($"At most {MostPrices} prices at once.")
            .Must(static prices => prices is null || prices.Where(static price => price is not null).DistinctBy(static price => (price.VariantId, price.MinQuantity)).Count() == prices.Count)
            .WithMessage("Name each variant once for each quantity.");
        RuleForEach(command => command.Prices).NotNull().ChildRules(static price =>
        {
            price.RuleFor(static given => given.VariantId).NotEmpty();
            price.RuleFor(static given => given.MinQuantity).InclusiveBetween(1, MaximumQuantity);
            price.RuleFor(static given => given.Price).Must(static amount => amount.Amount is >= 0 and <= MaximumPrice).WithMessage(PriceMessage);
            price.RuleFor(static given => given.CompareAtPrice).Must(static amount => amount is null or { Amount: >= 0 and <= MaximumPrice }).WithMessage(PriceMessage);
        });
    }

    private static string PriceMessage { get; } = $"A price is 0 to {MaximumPrice} minor units of the list's currency.";
}

internal sealed class PutPricesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/price-lists/{code}/prices", static async (string code, PricesBody body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new PutPrices(code, body.Prices), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("PutPrices").WithSummary("Sets up to 500 prices of a list. Those that are not named stay.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class PutPricesHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<PutPrices, Unit>
{
    public async Task<Unit> Handle(PutPrices request, CancellationToken cancellationToken)
    {
        var list = await PriceList.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("price list", request.Code);
        RefuseForeign(list, request.Prices);
        var rows = JsonSerializer.Serialize(request.Prices.Select(static price =>
            new { variant_id = price.VariantId, min_quantity = price.MinQuantity, price = price.Price.Amount, compare_at_price = price.CompareAtPrice?.Amount }));
        session.Documents.QueueSqlCommand(PriceListTables.Put, rows, list.Id, list.Id, list.Id, list.Currency, time.GetUtcNow());
        session.RecordChange("price-list", list.Id, "stored");
        return Unit.Value;
    }

    private static void RefuseForeign(PriceList list, IReadOnlyList<ListedPrice> prices)
    {
        var failures = prices.Index()
            .Where(price => price.Item.Price.Currency != list.Currency || (price.Item.CompareAtPrice is { } compare && compare.Currency != list.Currency))
            .Select(price => new ValidationFailure($"Prices[{price.Index}].Price", $"The price list '{list.Id}' is in {list.Currency}."))
            .ToList();
        if (failures.Count > 0)
        {
            throw new ValidationException(failures);
        }
    }
}
