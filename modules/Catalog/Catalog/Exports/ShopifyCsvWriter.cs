using System.Buffers;
using System.Globalization;
using System.Text;
using ModularMonolith.Catalog.Imports;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Exports;

/// <summary>
/// Writes products as Shopify's product CSV. Row n has the product's variant n and picture n; the first row has what belongs to the whole
/// product. Values are written as they are, so that reading the file again gives the same products.
/// </summary>
internal sealed class ShopifyCsvWriter
{
    private const int StandardColumns = (int)ShopifyColumn.Status;

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _positions = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _cells;
    private readonly int _status;

    /// <summary>Starts a file.</summary>
    /// <param name="attributeNames">The names of all attributes in the catalogue; those without a column of their own get one behind the standard ones.</param>
    /// <param name="hasArchived">Whether a product is archived, which only the column Status can say.</param>
    public ShopifyCsvWriter(IEnumerable<string> attributeNames, bool hasArchived)
    {
        var names = ShopifyColumns.Names.Take(StandardColumns).ToList();
        for (var column = 0; column < StandardColumns; column++)
        {
            if (((ShopifyColumn)column).IsVerbatim())
            {
                _positions.Add(names[column], column);
            }
        }

        foreach (var name in attributeNames.Where(static name => !string.IsNullOrWhiteSpace(name) && !ShopifyColumns.TryFind(name.Trim(), out _)).Order(StringComparer.Ordinal))
        {
            if (_positions.TryAdd(name, names.Count))
            {
                names.Add(name);
            }
        }

        _status = hasArchived ? names.Count : -1;
        if (hasArchived)
        {
            names.Add(ShopifyColumn.Status.Name());
        }

        _cells = [.. names];
        EndRow();
    }

    /// <summary>Takes what was written since the last time.</summary>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public byte[] Take()
    {
        var bytes = Encoding.UTF8.GetBytes(_text.ToString());
        _text.Clear();
        return bytes;
    }

    /// <summary>Writes a product's rows.</summary>
    /// <param name="product">The product.</param>
    /// <param name="onHand">How many there are of the SKUs whose stock is counted.</param>
    public void Write(Product product, IReadOnlyDictionary<string, int> onHand)
    {
        for (var row = 0; row < Math.Max(product.Variants.Count, product.Images.Count); row++)
        {
            this[ShopifyColumn.Handle] = product.Slug;
            if (row == 0)
            {
                SetProduct(product);
            }

            if (row < product.Variants.Count)
            {
                SetVariant(product.Variants[row], product.Options.Count == 0, onHand);
            }

            if (row < product.Images.Count)
            {
                SetImage(product.Images[row]);
            }

            EndRow();
        }
    }

    private string? this[ShopifyColumn column]
    {
        set => _cells[(int)column] = value ?? string.Empty;
    }

    private void SetProduct(Product product)
    {
        this[ShopifyColumn.Title] = product.Title;
        this[ShopifyColumn.Body] = product.DescriptionHtml;
        this[ShopifyColumn.Vendor] = product.Vendor;
        this[ShopifyColumn.Type] = product.Type;
        this[ShopifyColumn.Tags] = string.Join(", ", product.Tags);
        this[ShopifyColumn.Published] = Word(product.Status == ProductStatus.Active);
        this[ShopifyColumn.GiftCard] = Word(product.IsGiftCard);
        this[ShopifyColumn.SeoTitle] = product.SeoTitle;
        this[ShopifyColumn.SeoDescription] = product.SeoDescription;
        for (var option = 0; option < product.Options.Count; option++)
        {
            this[ShopifyColumn.Option1Name + (2 * option)] = product.Options[option];
        }

        if (product.Options.Count == 0)
        {
            this[ShopifyColumn.Option1Name] = "Title";
        }

        if (_status >= 0)
        {
            _cells[_status] = product.Status switch
            {
                ProductStatus.Active => "active",
                ProductStatus.Archived => "archived",
                _ => "draft",
            };
        }

        SetAttributes(product.Attributes);
    }

    private void SetVariant(ProductVariant variant, bool isOnlyOne, IReadOnlyDictionary<string, int> onHand)
    {
        for (var option = 0; option < variant.OptionValues.Count; option++)
        {
            this[ShopifyColumn.Option1Value + (2 * option)] = variant.OptionValues[option];
        }

        if (isOnlyOne)
        {
            this[ShopifyColumn.Option1Value] = "Default Title";
        }

        this[ShopifyColumn.Sku] = variant.Sku;
        this[ShopifyColumn.Grams] = variant.WeightGrams.ToString("0.############################", CultureInfo.InvariantCulture);
        this[ShopifyColumn.InventoryTracker] = variant.InventoryTracker;
        this[ShopifyColumn.InventoryQuantity] = variant.TracksInventory ? onHand.GetValueOrDefault(variant.Sku).ToString(CultureInfo.InvariantCulture) : null;
        this[ShopifyColumn.InventoryPolicy] = variant.InventoryPolicy == InventoryPolicy.Continue ? "continue" : "deny";
        this[ShopifyColumn.FulfillmentService] = variant.FulfillmentService;
        this[ShopifyColumn.Price] = Price(variant.Price);
        this[ShopifyColumn.CompareAtPrice] = variant.CompareAtPrice is { } compareAt ? Price(compareAt) : null;
        this[ShopifyColumn.RequiresShipping] = Word(variant.RequiresShipping);
        this[ShopifyColumn.Taxable] = Word(variant.IsTaxable);
        this[ShopifyColumn.Barcode] = variant.Barcode;
        this[ShopifyColumn.VariantImage] = variant.ImageUrl;
        this[ShopifyColumn.WeightUnit] = variant.WeightUnit;
        this[ShopifyColumn.TaxCode] = variant.TaxCode;
        SetAttributes(variant.Attributes);
    }

    private void SetImage(ProductImage image)
    {
        this[ShopifyColumn.ImageSource] = image.Url;
        this[ShopifyColumn.ImagePosition] = image.Position.ToString(CultureInfo.InvariantCulture);
        this[ShopifyColumn.ImageAltText] = image.Alt;
        SetAttributes(image.Attributes);
    }

    private void SetAttributes(IReadOnlyList<ProductAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            // A cell that is taken belongs to the variant of the row, or to the product.
            if (_positions.TryGetValue(attribute.Name, out var position) && _cells[position].Length == 0)
            {
                _cells[position] = attribute.Value;
            }
        }
    }

    private void EndRow()
    {
        for (var index = 0; index < _cells.Length; index++)
        {
            if (index > 0)
            {
                _text.Append(',');
            }

            AppendCell(_cells[index]);
            _cells[index] = string.Empty;
        }

        _text.Append("\r\n");
    }

    private void AppendCell(string value)
    {
        if (!value.AsSpan().ContainsAny(NeedQuotes))
        {
            _text.Append(value);
            return;
        }

        _text.Append('"').Append(value).Replace("\"", "\"\"", _text.Length - value.Length, value.Length).Append('"');
    }

    private static string Word(bool value) => value ? "true" : "false";

    // Shopify's own files write whole amounts without decimals.
    private static string Price(Money price)
    {
        var value = price.ToMajor();
        return value.ToString(value == decimal.Truncate(value) ? "F0" : "F" + Money.Exponent(price.Currency), CultureInfo.InvariantCulture);
    }
}
