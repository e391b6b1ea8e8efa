using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>Who knows which taxes are due. The amounts are always computed here, by <see cref="TaxComputation"/>, so that a quote can be computed again.</summary>
internal interface ITaxProvider
{
    /// <summary>Finds the taxes of a quote.</summary>
    /// <param name="question">What is sold, to where and to whom.</param>
    /// <param name="rules">What is set up.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>The taxes.</returns>
    /// <exception cref="Platform.Http.ProblemException">503: they cannot be found at the moment.</exception>
    ValueTask<TaxRules> ForAsync(TaxQuestion question, ConfiguredRules rules, CancellationToken cancellationToken);
}

/// <summary>What is sold, to where and to whom.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Destination">Where it is delivered to.</param>
/// <param name="At">The moment whose rates count.</param>
/// <param name="PricesIncludeTax">Whether amounts are with tax.</param>
/// <param name="Items">The items after discounts.</param>
/// <param name="Shipping">What delivering costs after discounts; null while unknown.</param>
/// <param name="Relief">The exemption of the customer, if there is one.</param>
internal sealed record TaxQuestion(
    string Currency, QuoteDestination Destination, DateTimeOffset At, bool PricesIncludeTax, IReadOnlyList<TaxQuestionItem> Items, Money? Shipping, TaxRelief? Relief);

/// <summary>One item.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="TaxCategory">Its tax category; null for the standard one.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Amount">For all of them, after discounts.</param>
internal sealed record TaxQuestionItem(Guid VariantId, string Sku, string? TaxCategory, int Quantity, Money Amount);
