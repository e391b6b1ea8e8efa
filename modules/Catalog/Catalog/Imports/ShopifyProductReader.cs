using System.Runtime.CompilerServices;
using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Groups a file's rows into products. Holds one product at a time.</summary>
internal sealed class ShopifyProductReader(ShopifyCsvReader file, string currency, ImportErrors errors)
{
    /// <summary>A product has no more rows than variants and pictures.</summary>
    public const int MaximumRows = ProductLimits.Variants + ProductLimits.Images;

    /// <summary>The characters of a product's rows; bounds the memory of an import.</summary>
    public const int MaximumLength = 8 << 20;

    /// <summary>How many rows were read so far, the header not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Reads the file to its end.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The products; a wrong one is returned too, and what is wrong with it is reported.</returns>
    public async IAsyncEnumerable<ShopifyProduct> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await file.ReadHeaderAsync(errors, cancellationToken) is not { } header)
        {
            yield break;
        }

        var group = new Group(errors);
        while (await file.ReadRowAsync(header, errors, cancellationToken) is { } row)
        {
            Count++;
            if (HandleOf(row) is not { } handle)
            {
                continue;
            }

            if (handle == group.Handle)
            {
                group.Add(row);
                continue;
            }

            if (group.Rows.Count > 0)
            {
                yield return ProductRules.Read(group.Handle, group.Rows, currency, errors);
            }

            group.Begin(handle, row);
        }

        if (group.Rows.Count > 0)
        {
            yield return ProductRules.Read(group.Handle, group.Rows, currency, errors);
        }
    }

    private string? HandleOf(ShopifyRow row)
    {
        var handle = row[ShopifyColumn.Handle]!;
        if (handle.Length is 0 or > ProductLimits.Slug)
        {
            errors.Add(row.Line, ShopifyColumn.Handle, handle.Length == 0
                ? "The handle is missing. Every row names its product."
                : $"The handle has {handle.Length} characters; {ProductLimits.Slug} are possible.");
            return null;
        }

        return Slug.IsValid(handle) ? handle : Slug.From(handle);
    }

    private sealed class Group(ImportErrors errors)
    {
        private bool _isTooLarge;
        private int _length;

        public string Handle { get; private set; } = string.Empty;

        public List<ShopifyRow> Rows { get; } = [];

        public void Begin(string handle, ShopifyRow row)
        {
            (Handle, _isTooLarge, _length) = (handle, false, 0);
            Rows.Clear();
            Add(row);
        }

        public void Add(ShopifyRow row)
        {
            if (_isTooLarge)
            {
                return;
            }

            _length += row.Length;
            if (Rows.Count >= MaximumRows || _length > MaximumLength)
            {
                _isTooLarge = true;
                errors.Add(row.Line, ShopifyColumn.Handle, $"The product '{Handle}' is too large: a product has up to {MaximumRows} rows and 8 million characters.");
                return;
            }

            Rows.Add(row);
        }
    }
}
