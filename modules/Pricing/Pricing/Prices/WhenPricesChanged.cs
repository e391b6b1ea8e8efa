using System.Text.Json;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Pricing.Prices;

/// <summary>Remembers which prices the catalogue has had since when, for the lowest price before a reduction.</summary>
[Subscription("remember-prices", BatchSize = 50)]
internal sealed class WhenPricesChanged(IModuleSession<IPricingStore> session) : IHandleBatch<PricesChanged>
{
    // Of two changes at one moment the last one in the log counts.
    private const string Remember = """
        insert into price_change (variant_id, source, currency, valid_from, price, compare_at_price)
        select variant_id, '', currency, valid_from, price, compare_at_price
        from json_to_recordset(?::json) as given (variant_id uuid, currency text, valid_from timestamptz, price bigint, compare_at_price bigint)
        on conflict (variant_id, currency, source, valid_from) do update set price = excluded.price, compare_at_price = excluded.compare_at_price
        """;

    public Task HandleAsync(IReadOnlyList<Delivered<PricesChanged>> events, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<(Guid, string, DateTimeOffset), object>();
        foreach (var (changed, _) in events)
        {
            foreach (var price in changed.Prices)
            {
                rows[(price.VariantId, price.Price.Currency, changed.ChangedAt)] = new
                {
                    variant_id = price.VariantId,
                    currency = price.Price.Currency,
                    valid_from = changed.ChangedAt,
                    price = price.Price.Amount,
                    compare_at_price = price.CompareAtPrice is { } compare && compare.Currency == price.Price.Currency ? compare.Amount : (long?)null,
                };
            }
        }

        if (rows.Count > 0)
        {
            session.Documents.QueueSqlCommand(Remember, JsonSerializer.Serialize(rows.Values));
        }

        return Task.CompletedTask;
    }
}
