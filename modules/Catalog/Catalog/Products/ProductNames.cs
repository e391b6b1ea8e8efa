using System.Security.Cryptography;
using Marten;
using ModularMonolith.Catalog.Variants;
using ModularMonolith.Platform.Http;
using Npgsql;

namespace ModularMonolith.Catalog.Products;

/// <summary>What is unique in the whole catalogue: slugs and SKUs. The database's constraints decide; this makes their refusals readable.</summary>
internal static class ProductNames
{
    private const int Candidates = 50;

    /// <summary>A free slug for a title, numbered when the plain one is taken.</summary>
    public static async Task<string> FreeSlugAsync(IQuerySession session, string title, CancellationToken cancellationToken)
    {
        var plain = Slug.From(title);
        string[] candidates = [plain, .. Enumerable.Range(2, Candidates).Select(number => $"{plain}-{number}")];
        var taken = await TakenAsync(session, candidates, cancellationToken);
        // Fifty products with one title: nobody reads the number any more.
        return candidates.FirstOrDefault(candidate => !taken.ContainsKey(candidate)) ?? $"{plain}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    /// <summary>Refuses a slug that another product has.</summary>
    /// <exception cref="ProblemException">409, naming the product.</exception>
    public static async Task RefuseTakenSlugAsync(IQuerySession session, string slug, Guid? productId, CancellationToken cancellationToken)
    {
        var taken = await TakenAsync(session, [slug], cancellationToken);
        if (taken.TryGetValue(slug, out var owner) && owner != productId)
        {
            throw new ProblemException(CatalogProblems.SlugTaken, $"The slug {slug} belongs to product {owner}. Choose another one.").With("productId", owner);
        }
    }

    /// <summary>Refuses SKUs that other products have.</summary>
    /// <exception cref="ProblemException">409, listing up to 100 of them with their products.</exception>
    public static async Task RefuseTakenSkusAsync(IQuerySession session, Product product, CancellationToken cancellationToken)
    {
        var owners = await VariantEntries.OwnersOfAsync(session, [.. product.Variants.Select(variant => variant.Sku)], cancellationToken);
        var taken = owners.Where(owner => owner.Value != product.Id).OrderBy(owner => owner.Key, StringComparer.Ordinal).ToList();
        if (taken.Count > 0)
        {
            throw new ProblemException(CatalogProblems.SkuTaken, $"{taken.Count} of the product's SKUs belong to other products, the first is {taken[0].Key}. SKUs are unique in the whole catalogue.")
                .With("skus", taken.Take(100).Select(owner => new { sku = owner.Key, productId = owner.Value }));
        }
    }

    private static async Task<Dictionary<string, Guid>> TakenAsync(IQuerySession session, string[] slugs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select slug, id from product_search where slug = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = slugs });
        await using var reader = await session.ExecuteReaderAsync(command, cancellationToken);
        var taken = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            taken[reader.GetString(0)] = reader.GetGuid(1);
        }

        return taken;
    }
}
