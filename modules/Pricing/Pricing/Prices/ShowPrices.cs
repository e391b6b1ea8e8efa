using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.PriceLists;

namespace ModularMonolith.Pricing.Prices;

internal sealed record ShowPrices(IReadOnlyList<Guid> VariantIds, int Quantity, string? Currency, string? Customer) : IQuery<Page<VariantPrice>>;

internal sealed class ShowPricesValidator : AbstractValidator<ShowPrices>
{
    public ShowPricesValidator()
    {
        RuleFor(query => query.VariantIds).Must(static ids => ids.Count is >= 1 and <= PageCursor.MaximumSize).WithMessage($"Name 1 to {PageCursor.MaximumSize} variants.")
            .OverridePropertyName("VariantId");
        RuleFor(query => query.Quantity).InclusiveBetween(1, PutPricesValidator.MaximumQuantity);
        RuleFor(query => query.Currency).Must(static currency => currency is null || Money.IsCurrencyCode(currency))
            .WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
    }
}

internal sealed class ShowPricesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/prices", static async (Guid[]? variantId, int? quantity, string? currency, ICaller caller, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ShowPrices([.. (variantId ?? []).Distinct()], quantity ?? 1, currency, caller.Subject), cancellationToken)))
        .AllowAnonymous().WithName("GetPrices").WithSummary("Shows the prices of up to 100 published variants for the caller, as a product page does.")
        .WithDescription("lowestPrice is the lowest price of the 30 days before the present reduction. Variants that are not sold, or have no price in the currency, are left out.")
        .Produces<Page<VariantPrice>>().ProducesProblem(400);
}

internal sealed class ShowPricesHandler(ISender sender) : IRequestHandler<ShowPrices, Page<VariantPrice>>
{
    public async Task<Page<VariantPrice>> Handle(ShowPrices request, CancellationToken cancellationToken)
    {
        var variants = (await sender.Send(new GetVariants(request.VariantIds), cancellationToken)).Where(static variant => variant.IsPublished).ToList();
        if (variants.Count == 0)
        {
            return new Page<VariantPrice>([], null);
        }

        var prices = await sender.Send(
            new GetPrices(
                request.Currency ?? variants[0].Price.Currency, request.Customer,
                [.. variants.Select(variant => new PricedVariant(variant.VariantId, request.Quantity, variant.Price, variant.CompareAtPrice))], WithLowestPrice: true),
            cancellationToken);
        return new Page<VariantPrice>([.. prices.OrderBy(price => price.VariantId)], null);
    }
}
