using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Prices;

internal sealed class GetPricesValidator : AbstractValidator<GetPrices>
{
    public GetPricesValidator()
    {
        RuleFor(query => query.Currency).Must(Money.IsCurrencyCode).WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
        RuleFor(query => query.Variants).Must(static variants => variants is { Count: >= 1 and <= 200 }).WithMessage("1 to 200 variants can be asked for at once.");
        RuleForEach(query => query.Variants).ChildRules(static variant =>
            variant.RuleFor(static item => item.Quantity).InclusiveBetween(1, PutPricesValidator.MaximumQuantity));
    }
}

/// <summary>Without a price list no query; with one, one for the entries and one more for the customer's groups, if there are groups.</summary>
internal sealed class GetPricesHandler(RuleBook rules, PriceLookup prices, PricingDatabase database, TimeProvider time) : IRequestHandler<GetPrices, IReadOnlyList<VariantPrice>>
{
    public async Task<IReadOnlyList<VariantPrice>> Handle(GetPrices request, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var configured = await rules.CurrentAsync(cancellationToken);
        var groups = request.Customer is { } customer && configured.HasCustomerGroups && configured.PriceLists.Any(static list => list.CustomerGroup is not null)
            ? await CustomerGroup.OfAsync(database, customer, cancellationToken)
            : [];
        PricedItem[] items = [.. request.Variants.Select(static variant => new PricedItem(variant.VariantId, variant.Quantity, variant.CataloguePrice, variant.CompareAtPrice))];
        var found = await prices.FindAsync(items, request.Currency, groups, at, configured, request.WithLowestPrice, cancellationToken);
        var answer = new List<VariantPrice>(items.Length);
        for (var index = 0; index < items.Length; index++)
        {
            if (ChosenPrice.Of(items[index], found[index], request.Currency) is { } price)
            {
                answer.Add(new VariantPrice(
                    items[index].VariantId, price.UnitPrice, price.CompareAtPrice,
                    found[index].LowestPrice is { } amount ? new Money(amount, request.Currency) : null, price.List?.PriceList));
            }
        }

        return answer;
    }
}
