using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Quotes;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Prices;

/// <summary>What lists say of one item.</summary>
/// <param name="Candidates">The prices of active lists, in the order of the lists and quantities; null for none.</param>
/// <param name="LowestPrice">The lowest price of the 30 days before the reduction, minor units; null when the price is no reduction.</param>
internal sealed record ItemPrices(IReadOnlyList<PriceCandidate>? Candidates = null, long? LowestPrice = null)
{
    public static ItemPrices None { get; } = new();
}

/// <summary>An item whose prices are looked up.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="CataloguePrice">The catalogue's price of one.</param>
/// <param name="CompareAtPrice">The catalogue's crossed-out price.</param>
internal readonly record struct PricedItem(Guid VariantId, int Quantity, Money CataloguePrice, Money? CompareAtPrice);

/// <summary>What a piece costs: the choice among the prices of an item.</summary>
/// <param name="UnitPrice">The price of one.</param>
/// <param name="CompareAtPrice">The crossed-out price of one, if there is one.</param>
/// <param name="List">The chosen price; null for the catalogue's.</param>
internal readonly record struct ChosenPrice(Money UnitPrice, Money? CompareAtPrice, PriceCandidate? List)
{
    /// <summary>Whether the price is announced as a reduction.</summary>
    public bool IsReduction => CompareAtPrice is { } compare && compare.Amount > UnitPrice.Amount;

    /// <summary>The price of an item in a currency, or null when it has none.</summary>
    public static ChosenPrice? Of(PricedItem item, ItemPrices prices, string currency)
    {
        if (prices.Candidates is { } candidates && PriceChoice.Best(candidates, item.Quantity) is { } best)
        {
            return new ChosenPrice(new Money(best.Price, currency), best.CompareAtPrice is { } compare ? new Money(compare, currency) : null, best);
        }

        return item.CataloguePrice.Currency == currency
            ? new ChosenPrice(item.CataloguePrice, item.CompareAtPrice is { } crossed && crossed.Currency == currency ? crossed : null, null)
            : null;
    }
}

/// <summary>Looks prices up: one query when a list may have one of them, one more when a price is announced as a reduction, otherwise none.</summary>
internal sealed class PriceLookup(PricingDatabase database, LowestPrices lowest)
{
    /// <summary>What the lists say of items.</summary>
    /// <param name="items">1 to 200 items.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="customerGroups">The customer's groups.</param>
    /// <param name="at">The moment whose lists count. Entries count as they are now.</param>
    /// <param name="rules">What is set up.</param>
    /// <param name="withLowestPrice">Whether the lowest price before a reduction is wanted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>For each item, in the order given.</returns>
    public async ValueTask<IReadOnlyList<ItemPrices>> FindAsync(
        IReadOnlyList<PricedItem> items, string currency, IReadOnlyList<string> customerGroups, DateTimeOffset at, ConfiguredRules rules, bool withLowestPrice,
        CancellationToken cancellationToken)
    {
        var lists = rules.PriceLists.Where(list => list.Currency == currency && list.IsActive(at) && list.IsFor(customerGroups)).ToDictionary(static list => list.Id, StringComparer.Ordinal);
        var found = lists.Count == 0 ? null : await EntriesAsync(lists, items, cancellationToken);
        var prices = new ItemPrices[items.Count];
        for (var index = 0; index < prices.Length; index++)
        {
            prices[index] = found is not null && found.TryGetValue(items[index].VariantId, out var candidates) ? new ItemPrices(candidates) : ItemPrices.None;
        }

        if (withLowestPrice)
        {
            await FillLowestAsync(items, prices, currency, customerGroups, at, cancellationToken);
        }

        return prices;
    }

    private async Task FillLowestAsync(
        IReadOnlyList<PricedItem> items, ItemPrices[] prices, string currency, IReadOnlyList<string> customerGroups, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var reduced = new Dictionary<Guid, long>();
        for (var index = 0; index < items.Count; index++)
        {
            if (ChosenPrice.Of(items[index], prices[index], currency) is { IsReduction: true } chosen)
            {
                reduced[items[index].VariantId] = chosen.UnitPrice.Amount;
            }
        }

        if (reduced.Count == 0)
        {
            return;
        }

        var found = await lowest.FindAsync(reduced, currency, customerGroups, at, cancellationToken);
        for (var index = 0; index < items.Count; index++)
        {
            if (found.TryGetValue(items[index].VariantId, out var amount))
            {
                prices[index] = prices[index] with { LowestPrice = amount };
            }
        }
    }

    private async Task<Dictionary<Guid, List<PriceCandidate>>> EntriesAsync(
        Dictionary<string, PriceList> lists, IReadOnlyList<PricedItem> items, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("""
            select price_list, variant_id, min_quantity, price, compare_at_price from price_list_entry
            where price_list = any($1) and variant_id = any($2) order by price_list, variant_id, min_quantity
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. lists.Keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. items.Select(static item => item.VariantId)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<Guid, List<PriceCandidate>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var list = lists[reader.GetString(0)];
            var variantId = reader.GetGuid(1);
            if (!found.TryGetValue(variantId, out var candidates))
            {
                found[variantId] = candidates = [];
            }

            candidates.Add(new PriceCandidate(
                list.Id, list.Title, list.CustomerGroup is not null, list.Priority, reader.GetInt32(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        return found;
    }
}
