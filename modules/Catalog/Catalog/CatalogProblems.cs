using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog;

internal static class CatalogProblems
{
    public static readonly ProblemType SkuTaken = new("sku-taken", 409, "A SKU belongs to another product.",
        "SKUs are unique in the whole catalogue. The member skus lists the ones that are taken, each with the product that has it. Choose others, or change that product first.");

    public static readonly ProblemType SlugTaken = new("slug-taken", 409, "The slug belongs to another product.",
        "Slugs are unique in the whole catalogue, because product pages are found by them. Choose another one, or leave the field out to have one made from the title.");
}
