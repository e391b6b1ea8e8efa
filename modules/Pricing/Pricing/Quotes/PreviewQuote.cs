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

namespace ModularMonolith.Pricing.Quotes;

/// <param name="Items">1 to 200 items, each variant once.</param>
/// <param name="Currency">ISO 4217; that of the first item's catalogue price when left out.</param>
/// <param name="Coupons">At most 10 codes.</param>
/// <param name="Destination">Where it is delivered to; without it tax is that of the home country, if one is configured.</param>
/// <param name="Shipping">What delivering costs.</param>
/// <param name="Customer">Somebody else's prices; needs the permission pricing:read.</param>
/// <param name="At">The prices of another moment; needs the permission pricing:read.</param>
internal sealed record QuoteBody(
    IReadOnlyList<QuoteBodyItem> Items, string? Currency = null, IReadOnlyList<string>? Coupons = null, QuoteDestination? Destination = null, QuoteShipping? Shipping = null,
    string? Customer = null, DateTimeOffset? At = null);

/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many; 1 when left out.</param>
internal sealed record QuoteBodyItem(Guid VariantId, int Quantity = 1);

/// <summary>A quote as it is shown: its evidence is for computing it again and stays inside.</summary>
internal sealed record QuoteView(
    string Currency, bool PricesIncludeTax, IReadOnlyList<QuotedItem> Items, QuotedShipping? Shipping, Money ItemsTotal, Money Discount, Money Tax, Money Total,
    IReadOnlyList<QuotedTax> Taxes, IReadOnlyList<QuoteDecision> Decisions, QuoteRounding Rounding)
{
    public static QuoteView Of(Quote quote, bool withRejected) => new(
        quote.Request.Currency, quote.PricesIncludeTax, quote.Items, quote.Shipping, quote.ItemsTotal, quote.Discount, quote.Tax, quote.Total, quote.Taxes,
        withRejected ? quote.Decisions : [.. quote.Decisions.Where(static decision => decision.IsApplied || decision.Kind == "coupon")], quote.Rounding);
}

internal sealed record PreviewQuote(QuoteBody Body, string Customer, DateTimeOffset At) : IQuery<Quote>;

internal sealed class PreviewQuoteValidator : AbstractValidator<PreviewQuote>
{
    public PreviewQuoteValidator()
    {
        RuleFor(query => query.Body).SetValidator(new QuoteBodyValidator()).OverridePropertyName(string.Empty);
        RuleFor(query => query.Customer).NotEmpty().MaximumLength(CustomerGroups.CustomerGroup.LongestSubject).NoNul();
    }
}

internal sealed class QuoteBodyValidator : AbstractValidator<QuoteBody>
{
    public QuoteBodyValidator()
    {
        RuleFor(body => body.Items)
            .Must(static items => items is { Count: >= 1 and <= CalculateQuoteValidator.MostItems }).WithMessage($"A quote has 1 to {CalculateQuoteValidator.MostItems} items.")
            .Must(static items => items is null || items.Where(static item => item is not null).DistinctBy(static item => item.VariantId).Count() == items.Count).WithMessage("Name each variant once.");
        RuleForEach(body => body.Items).NotNull().ChildRules(static item => item.RuleFor(static given => given.Quantity).InclusiveBetween(1, PutPricesValidator.MaximumQuantity));
        RuleFor(body => body.Currency).Must(static currency => currency is null || Money.IsCurrencyCode(currency))
            .WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
        RuleFor(body => body.Coupons).Must(static coupons => coupons is not { Count: > CalculateQuoteValidator.MostCoupons })
            .WithMessage($"At most {CalculateQuoteValidator.MostCoupons} coupons can be used at once.");
        RuleForEach(body => body.Coupons).NotEmpty().MaximumLength(CalculateQuoteValidator.LongestCoupon).NoNul();
        RuleFor(body => body.Destination!).SetValidator(new QuoteDestinationValidator()).When(static body => body.Destination is not null);
        RuleFor(body => body.Shipping!).SetValidator(new QuoteShippingValidator()).When(static body => body.Shipping is not null);
        RuleFor(body => body.Shipping).Must(static (body, shipping) => shipping is null || body.Currency is null || shipping.Price.Currency == body.Currency)
            .WithMessage("The price of shipping is in the quote's currency.");
    }
}

internal sealed class QuoteShippingValidator : AbstractValidator<QuoteShipping>
{
    public QuoteShippingValidator()
    {
        RuleFor(shipping => shipping.Method).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(shipping => shipping.Title).NotNull().MaximumLength(200).NoNul();
        RuleFor(shipping => shipping.Price).Must(static price => price.Amount is >= 0 and <= PutPricesValidator.MaximumPrice).WithMessage("The price of shipping is not negative.");
    }
}

internal sealed class PreviewQuoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/quotes", static async (QuoteBody body, HttpContext http, ICaller caller, TimeProvider time, ISender sender, CancellationToken cancellationToken) =>
        {
            if (body.Customer is not null || body.At is not null)
            {
                Permissions.Require(http, "pricing:read");
            }

            var quote = await sender.Send(new PreviewQuote(body, body.Customer ?? caller.RequireSubject(), body.At ?? time.GetUtcNow()), cancellationToken);
            return Results.Ok(QuoteView.Of(quote, Permissions.Allows(http, "pricing:read")));
        })
        .RequireSubject().NeverConflicts().WithName("PreviewQuote").WithSummary("Says what items cost and why, with discounts and tax. Nothing is stored or reserved.")
        .WithDescription("decisions names each price list, promotion, coupon and tax that was applied, and why; with the permission pricing:read also those that were not.")
        .Produces<QuoteView>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(422).ProducesProblem(503);
}

internal sealed class PreviewQuoteHandler(ISender sender, TimeProvider time) : IRequestHandler<PreviewQuote, Quote>
{
    public async Task<Quote> Handle(PreviewQuote request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var variants = (await sender.Send(new GetVariants([.. body.Items.Select(static item => item.VariantId)]), cancellationToken)).ToDictionary(static variant => variant.VariantId);
        var items = body.Items.Select(item => variants.TryGetValue(item.VariantId, out var variant) && variant.IsPublished
            ? QuoteItems.Of(variant, item.Quantity)
            : throw new ProblemException(PricingProblems.VariantNotSold, $"The variant {item.VariantId} is not sold.").With("variantId", item.VariantId)).ToList();
        var currency = body.Currency ?? body.Shipping?.Price.Currency ?? items[0].CataloguePrice.Currency;
        return await sender.Send(
            new CalculateQuote(new QuoteRequest(
                Guid.CreateVersion7(time.GetUtcNow()), currency, items, body.Coupons ?? [], request.Customer, body.Destination, body.Shipping, request.At.ToUniversalTime())),
            cancellationToken);
    }
}

internal static class QuoteItems
{
    /// <summary>What the catalogue says of an item.</summary>
    public static QuoteItem Of(VariantDetails variant, int quantity) => new(
        variant.VariantId, variant.ProductId, variant.Sku, variant.VariantTitle is null ? variant.ProductTitle : variant.ProductTitle + " – " + variant.VariantTitle, quantity,
        variant.Price, variant.CompareAtPrice, variant.ProductType, variant.Vendor, variant.Tags, variant.TaxCategory);
}
