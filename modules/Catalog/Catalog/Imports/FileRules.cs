using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Catalog.Imports;

/// <summary>What must hold between the products of one file. Remembers every handle and SKU as 16 bytes and a line number.</summary>
internal sealed class FileRules(ImportErrors errors)
{
    private readonly Dictionary<UInt128, int> _handles = [];
    private readonly Dictionary<UInt128, int> _skus = [];

    public void Check(ShopifyProduct product)
    {
        if (!_handles.TryAdd(Fingerprint(product.Handle), product.Line))
        {
            errors.Add(product.Line, ShopifyColumn.Handle,
                $"The product '{CellRules.Short(product.Handle)}' began in line {_handles[Fingerprint(product.Handle)]} and comes back here. The rows of a product stand together.");
        }

        foreach (var variant in product.Variants)
        {
            if (variant.Sku is not null && !_skus.TryAdd(Fingerprint(variant.Sku), variant.Line))
            {
                errors.Add(variant.Line, ShopifyColumn.Sku, $"The SKU '{CellRules.Short(variant.Sku)}' is in line {_skus[Fingerprint(variant.Sku)]} already. SKUs are unique.");
            }
        }
    }

    private static UInt128 Fingerprint(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
    }
}
