using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Products;

/// <summary>The steps of a product's life: any status leads to the other two, none to itself.</summary>
internal static class ProductTransition
{
    /// <summary>The version in <c>If-Match</c>; null when the client sends none. A step says itself what it starts from, so the header is optional.</summary>
    public static long? ExpectedVersion(HttpContext http) => http.Request.Headers.IfMatch.Count == 0 ? null : EntityTags.RequireIfMatch(http);

    /// <summary>Takes a product to another status.</summary>
    /// <exception cref="ProblemException">404, 412, or 409 when the product's status does not lead there.</exception>
    public static async Task<ProductView> RunAsync(
        IModuleSession<ICatalogStore> session, ProductWriter writer, Guid productId, long? expectedVersion, ProductStatus next, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await session.Documents.LoadAsync<Product>(productId, cancellationToken) ?? throw ProblemException.NotFound("product", productId);
        EntityTags.Check(expectedVersion, before.Version);
        if (before.Status == next)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The product is {SearchRow.Key(next)} already.").With("state", SearchRow.Key(before.Status));
        }

        var after = before with
        {
            Status = next,
            UpdatedAt = now,
            PublishedAt = next == ProductStatus.Active ? before.PublishedAt ?? now : before.PublishedAt,
        };
        var change = new ProductChange(before, after);
        writer.Write(session.Documents, [change]);
        return ProductView.Of(after, change.NextVersion);
    }
}
