using ModularMonolith.Catalog.Imports;

namespace ModularMonolith.Catalog.Tests.Imports;

internal sealed record ReadFile(IReadOnlyList<ShopifyProduct> Products, IReadOnlyList<ImportError> Errors, int Rows);

/// <summary>Reads a file as an import's first pass does, without a database.</summary>
internal static class FileReading
{
    public static async Task<ReadFile> ReadAsync(byte[] content, string currency = "EUR")
    {
        await using var upload = await UploadedFile.ReceiveAsync(new MemoryStream(content), UploadedFile.CreateTemporary, UploadedFile.MaximumBytes, CancellationToken.None);
        var errors = new ImportErrors();
        var rules = new FileRules(errors);
        using var reader = upload.Read();
        var rows = new ShopifyProductReader(reader, currency, errors);
        var products = new List<ShopifyProduct>();
        await foreach (var product in rows.ReadAsync(CancellationToken.None))
        {
            rules.Check(product);
            products.Add(product);
        }

        return new ReadFile(products, errors.All, rows.Count);
    }
}
