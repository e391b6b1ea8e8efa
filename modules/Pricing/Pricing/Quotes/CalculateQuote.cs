using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Redemptions;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Quotes;

internal sealed class CalculateQuoteValidator : AbstractValidator<CalculateQuote>
{
    public const int MostItems = 200;
    public const int MostCoupons = 10;
    public const int LongestCoupon = 100;

    public CalculateQuoteValidator()
    {
        RuleFor(query => query.Request.Currency).Must(Money.IsCurrencyCode).WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
        RuleFor(query => query.Request.Items).Must(static items => items is { Count: >= 1 and <= MostItems }).WithMessage($"A quote has 1 to {MostItems} items.")
            .Must(static items => items is null || items.DistinctBy(static item => item.VariantId).Count() == items.Count).WithMessage("Name each variant once.");
        RuleForEach(query => query.Request.Items).ChildRules(static item =>
        {
            item.RuleFor(static given => given.Quantity).InclusiveBetween(1, PutPricesValidator.MaximumQuantity);
            item.RuleFor(static given => given.CataloguePrice).Must(static price => price.Amount is >= 0 and <= PutPricesValidator.MaximumPrice).WithMessage("The price is out of range.");
        });
        RuleFor(query => query.Request.Coupons).Must(static coupons => coupons is { Count: <= MostCoupons }).WithMessage($"At most {MostCoupons} coupons can be used at once.");
        RuleForEach(query => query.Request.Coupons).NotEmpty().MaximumLength(LongestCoupon).NoNul();
        RuleFor(query => query.Request.Destination!).SetValidator(new QuoteDestinationValidator()).When(static query => query.Request.Destination is not null);
        RuleFor(query => query.Request.Shipping)
            .Must(static (query, shipping) => shipping is null || (shipping.Price.Currency == query.Request.Currency && shipping.Price.Amount is >= 0 and <= PutPricesValidator.MaximumPrice))
            .WithMessage("The price of shipping is in the quote's currency and not negative.");
    }
}

internal sealed class QuoteDestinationValidator : AbstractValidator<QuoteDestination>
{
    public QuoteDestinationValidator()
    {
        RuleFor(destination => destination.Country).Must(TaxRules.IsCountry).WithMessage("A country is two upper-case letters as in ISO 3166-1, for example DE.");
        RuleFor(destination => destination.Region).MaximumLength(100).NoNul();
        RuleFor(destination => destination.PostalCode).MaximumLength(20).NoNul();
    }
}

/// <summary>
/// What is set up is in memory; the database is asked only for what is about the items and the customer: entries of price lists, the history of reduced prices, groups, exemptions, coupons,
/// each in one query and only when there can be any.
/// </summary>
internal sealed class CalculateQuoteHandler(
    RuleBook book, PriceLookup prices, PricingDatabase database, IPromotionSource promotions, QuoteEngine engine, ITaxProvider taxes, TaxExemptions exemptions, GuestIdentity guests,
    PricingSettings settings)
    : IRequestHandler<CalculateQuote, Quote>
{
    public async Task<Quote> Handle(CalculateQuote request, CancellationToken cancellationToken)
    {
        var asked = request.Request with { CountedAs = guests.CountedAs(request.Request.Customer, request.Email) };
        var rules = await book.CurrentAsync(cancellationToken);
        var groups = asked.Customer is { } customer && rules.HasCustomerGroups ? await CustomerGroup.OfAsync(database, customer, cancellationToken) : [];
        PricedItem[] items = [.. asked.Items.Select(static item => new PricedItem(item.VariantId, item.Quantity, item.CataloguePrice, item.CompareAtPrice))];
        var found = await prices.FindAsync(items, asked.Currency, groups, asked.At, rules, withLowestPrice: true, cancellationToken);
        var priced = QuoteEngine.Price(asked, groups, index => found[index]);
        var promotionRules = await promotions.ForAsync(priced.Draft, cancellationToken);
        var outcome = engine.Discount(priced.Draft, promotionRules);
        var evidence = new QuoteEvidence(
            QuoteEvidence.CurrentFormat, settings.PricesIncludeTax, settings.TaxRounding,
            groups.Count == 0 ? null : groups,
            found.All(static item => item == ItemPrices.None) ? null : found,
            promotionRules,
            await TaxesAsync(asked, priced.Draft, outcome, rules, cancellationToken));
        var quote = QuoteEngine.Total(asked, evidence, priced, outcome);
        return rules.PriceLists.Count == 0
            ? quote
            : quote with { Decisions = [.. QuoteDecisions.OfOtherLists(rules, asked.Currency, groups, asked.At), .. quote.Decisions] };
    }

    private async ValueTask<TaxRules> TaxesAsync(QuoteRequest asked, QuoteDraft draft, PromotionOutcome outcome, ConfiguredRules rules, CancellationToken cancellationToken)
    {
        if (settings.TaxProvider is null && rules.Zones.Count == 0)
        {
            return TaxRules.None("No taxes are set up.");
        }

        var destination = asked.Destination ?? (settings.HomeCountry is { } home ? new QuoteDestination(home) : null);
        if (destination is null)
        {
            return TaxRules.None("The destination is not known.");
        }

        var currency = asked.Currency;
        var relief = await exemptions.FindAsync(asked.Customer, draft.CustomerGroups, destination.Country, asked.At, rules, cancellationToken);
        var question = new TaxQuestion(
            currency, destination, asked.At, settings.PricesIncludeTax,
            [
                .. asked.Items.Select((item, index) => new TaxQuestionItem(
                    item.VariantId, item.Sku, item.TaxCategory, item.Quantity, new Money(draft.Items[index].Subtotal - outcome.ItemDiscounts[index], currency))),
            ],
            draft.ShippingPrice is { } shipping ? new Money(shipping.Amount - outcome.ShippingDiscount, currency) : null,
            relief);
        return await taxes.ForAsync(question, rules, cancellationToken);
    }
}
