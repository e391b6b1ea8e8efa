using System.Text.Encodings.Web;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Catalog.Products;

/// <summary>A change of one product.</summary>
/// <param name="Before">The product as it was read, with its version; null for a new one.</param>
/// <param name="After">The product as it shall be.</param>
internal sealed record ProductChange(Product? Before, Product After)
{
    /// <summary>The version that the product has after the change.</summary>
    public int NextVersion => (Before?.Version ?? 0) + 1;
}

/// <summary>
/// The only place that writes products: the document and everything derived from it (search row, stored answers, variant entries,
/// former slugs) in the caller's session, so that they change together or not at all.
/// </summary>
internal sealed class ProductWriter(IOptions<JsonOptions> json)
{
    // The rows hold the answers; they keep the form in which the API writes them.
    private static readonly JsonSerializerOptions RowJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Queues changes. On saving, a product that was changed meanwhile fails with a concurrency conflict, a slug or SKU that another
    /// product has with a unique violation. A batch of some hundred products is written by a handful of statements.
    /// </summary>
    /// <param name="session">The session that saves them.</param>
    /// <param name="changes">Each product at most once.</param>
    public void Write(IDocumentOperations session, IReadOnlyCollection<ProductChange> changes)
    {
        session.QueueSqlCommand(ProductTables.TakeTurns, (object)changes.SelectMany(static change => change.After.Variants).Select(static variant => variant.Sku).ToArray());
        WriteUnchecked(session, changes);
    }

    /// <summary>
    /// Queues a part of the changes of a transaction that has its SKUs checked at the commit (<see cref="ProductTables.CheckSkusAtCommit"/>), so that they may move between
    /// products of several parts.
    /// </summary>
    /// <param name="session">The session that saves them.</param>
    /// <param name="changes">Each product at most once.</param>
    public void WriteUnchecked(IDocumentOperations session, IReadOnlyCollection<ProductChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        foreach (var change in changes)
        {
            if (change.Before is null)
            {
                session.Insert(change.After);
            }
            else
            {
                change.After.Version = change.Before.Version;
                session.UpdateRevision(change.After, change.NextVersion);
            }
        }

        WriteFormerSlugs(session, changes);
        var removed = changes.SelectMany(Removed).ToArray();
        if (removed.Length > 0)
        {
            session.QueueSqlCommand(ProductTables.DeleteVariants, removed);
        }

        session.QueueSqlCommand(ProductTables.WriteVariants, JsonSerializer.Serialize(changes.SelectMany(change => VariantRow.AllOf(change.After)), RowJson));
        session.QueueSqlCommand(ProductTables.WriteSearchRows, JsonSerializer.Serialize(changes.Select(SearchRowOf), RowJson));
    }

    private static void WriteFormerSlugs(IDocumentOperations session, IReadOnlyCollection<ProductChange> changes)
    {
        var taken = changes.Where(change => change.Before?.Slug != change.After.Slug).Select(change => change.After.Slug).ToArray();
        if (taken.Length == 0)
        {
            return;
        }

        foreach (var change in changes.Where(change => change.Before is not null && change.Before.Slug != change.After.Slug))
        {
            session.QueueSqlCommand(ProductTables.RememberFormerSlug, change.Before!.Slug, change.After.Id);
        }

        session.QueueSqlCommand(ProductTables.ForgetFormerSlugs, (object)taken);
    }

    private static IEnumerable<Guid> Removed(ProductChange change)
    {
        if (change.Before is null)
        {
            return [];
        }

        var kept = change.After.Variants.Select(variant => variant.Id).ToHashSet();
        return change.Before.Variants.Select(variant => variant.Id).Where(id => !kept.Contains(id));
    }

    private SearchRow SearchRowOf(ProductChange change) => SearchRow.Of(
        change.After,
        change.NextVersion,
        JsonSerializer.SerializeToElement(ProductSummary.Of(change.After, change.NextVersion), json.Value.SerializerOptions),
        JsonSerializer.SerializeToElement(ProductView.Of(change.After, change.NextVersion), json.Value.SerializerOptions));
}
