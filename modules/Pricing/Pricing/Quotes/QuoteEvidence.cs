using System.Text.Json;
using System.Text.Json.Serialization;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>All that a quote was computed from beside the request: it is kept with the quote, so that it can be computed again when every rule has changed.</summary>
/// <param name="Format">The number of this form; see <see cref="CurrentFormat"/>.</param>
/// <param name="PricesIncludeTax">Whether prices are meant with tax.</param>
/// <param name="TaxRounding">Where tax is rounded.</param>
/// <param name="CustomerGroups">The customer's groups; null for none.</param>
/// <param name="Prices">What price lists said of each item; null when none said anything.</param>
/// <param name="Promotions">The promotions and coupons.</param>
/// <param name="Taxes">The taxes.</param>
internal sealed record QuoteEvidence(
    int Format,
    bool PricesIncludeTax,
    TaxRounding TaxRounding,
    IReadOnlyList<string>? CustomerGroups,
    IReadOnlyList<ItemPrices>? Prices,
    PromotionRules Promotions,
    TaxRules Taxes)
{
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Form);

    /// <exception cref="JsonException">It is no evidence of a format that is known here.</exception>
    public static QuoteEvidence FromJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.Deserialize<QuoteEvidence>(Form) is { Format: CurrentFormat, Promotions: not null, Taxes: not null } evidence
            ? evidence
            : throw new JsonException("The evidence of the quote has a form that this version does not know.");

    public ItemPrices PricesOf(int index) => Prices is { } prices ? prices[index] : ItemPrices.None;
}
