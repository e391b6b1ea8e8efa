using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Makes a product of its rows by the rules of the format, and reports what is wrong.</summary>
internal static class ProductRules
{
    private static readonly ShopifyColumn[] OptionNameColumns = [ShopifyColumn.Option1Name, ShopifyColumn.Option2Name, ShopifyColumn.Option3Name];
    private static readonly ShopifyColumn[] OptionValueColumns = [ShopifyColumn.Option1Value, ShopifyColumn.Option2Value, ShopifyColumn.Option3Value];

    public static ShopifyProduct Read(string handle, List<ShopifyRow> rows, string currency, ImportErrors errors)
    {
        var first = rows[0];
        var cells = new CellRules(first, currency, errors);
        CheckContinuation(rows, errors);
        var optionNames = OptionNames(rows, errors);
        var variants = Variants(rows, optionNames, currency, errors);
        var images = Images(rows, currency, errors);
        if (string.IsNullOrEmpty(first[ShopifyColumn.Title]))
        {
            errors.Add(first.Line, ShopifyColumn.Title, "The title is missing. The first row of a product has it.");
        }

        return new ShopifyProduct
        {
            Line = first.Line,
            Header = first.Header,
            Length = rows.Sum(static row => row.Length),
            Handle = handle,
            Title = cells.ExactText(ShopifyColumn.Title, ProductLimits.Title)!,
            Body = cells.ExactText(ShopifyColumn.Body, ProductLimits.Description),
            Vendor = cells.ExactText(ShopifyColumn.Vendor, ProductLimits.Name),
            Type = cells.ExactText(ShopifyColumn.Type, ProductLimits.Name),
            Tags = Tags(first, errors),
            Status = Status(first, cells),
            IsGiftCard = cells.Boolean(ShopifyColumn.GiftCard, whenBlank: false),
            SeoTitle = cells.ExactText(ShopifyColumn.SeoTitle, ProductLimits.SeoText),
            SeoDescription = cells.ExactText(ShopifyColumn.SeoDescription, ProductLimits.SeoText),
            OptionNames = optionNames,
            Variants = variants,
            Images = images,
            Attributes = Attributes(first, ofTheProduct: true, errors),
        };
    }

    // Whatever another row says about the whole product would be lost without a word.
    private static void CheckContinuation(List<ShopifyRow> rows, ImportErrors errors)
    {
        var first = rows[0];
        var ofTheFirst = first.Attributes(ofTheProduct: true);
        foreach (var row in rows.Skip(1))
        {
            foreach (var column in ShopifyColumns.OfTheProduct)
            {
                if (!row.IsBlank(column) && !string.Equals(row[column], first[column], StringComparison.Ordinal))
                {
                    errors.Add(row.Line, column, $"The cell differs from the product's first row (line {first.Line}). Leave it blank, or give the row a handle of its own.");
                }
            }

            foreach (var attribute in row.Attributes(ofTheProduct: true).Except(ofTheFirst))
            {
                errors.Add(row.Line, attribute.Name, $"The cell differs from the product's first row (line {first.Line}). Leave it blank, or give the row a handle of its own.");
            }
        }
    }

    private static List<string> OptionNames(List<ShopifyRow> rows, ImportErrors errors)
    {
        var first = rows[0];
        var names = new List<string>();
        foreach (var column in OptionNameColumns)
        {
            if (first.IsBlank(column))
            {
                continue;
            }

            var name = first.Exact(column)!;
            if (names.Count < Array.IndexOf(OptionNameColumns, column))
            {
                errors.Add(first.Line, column, "An option before this one has no name. Options are filled from the first on.");
            }

            if (name.Length > ProductLimits.Name || names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(first.Line, column, $"The option '{CellRules.Short(name)}' is there twice or has more than {ProductLimits.Name} characters.");
            }

            names.Add(name);
        }

        return IsDefault(rows, names) ? [] : names;
    }

    // Shopify writes the option Title with the value Default Title for a product that has no options.
    private static bool IsDefault(List<ShopifyRow> rows, List<string> names) =>
        names.Count == 1
        && names[0].Trim().Equals("Title", StringComparison.OrdinalIgnoreCase)
        && IsDefaultValue(rows[0][ShopifyColumn.Option1Value]!, 0)
        && !rows.Skip(1).Any(IsVariant);

    private static bool IsDefaultValue(string value, int option) => option == 0 && value.Trim().Equals("Default Title", StringComparison.OrdinalIgnoreCase);

    private static bool IsVariant(ShopifyRow row) => ShopifyColumns.OfTheVariant.Any(column => !row.IsBlank(column));

    private static List<ShopifyVariant> Variants(List<ShopifyRow> rows, List<string> optionNames, string currency, ImportErrors errors)
    {
        var variants = new List<ShopifyVariant>();
        var combinations = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows)
        {
            if (row != rows[0] && !IsVariant(row))
            {
                continue;
            }

            var variant = Variant(row, Values(row, rows[0], optionNames, errors), currency, errors);
            variants.Add(variant);
            if (!combinations.TryAdd(string.Join('\u001f', variant.OptionValues), row.Line))
            {
                errors.Add(row.Line, ShopifyColumn.Option1Value,
                    $"The product has a variant with the same option values in line {combinations[string.Join('\u001f', variant.OptionValues)]}.");
            }
        }

        if (variants.Count > ProductLimits.Variants)
        {
            errors.Add(rows[0].Line, ShopifyColumn.Handle, $"The product has {variants.Count} variants; {ProductLimits.Variants} are possible.");
        }

        return variants;
    }

    private static List<string> Values(ShopifyRow row, ShopifyRow first, List<string> optionNames, ImportErrors errors)
    {
        var values = new List<string>();
        for (var index = 0; index < OptionValueColumns.Length; index++)
        {
            var column = OptionValueColumns[index];
            var value = row.IsBlank(column) ? string.Empty : row.Exact(column)!;
            if (index < optionNames.Count)
            {
                if (value.Length is 0 or > ProductLimits.OptionValue)
                {
                    errors.Add(row.Line, column, value.Length == 0
                        ? $"The variant has no value for the option '{CellRules.Short(optionNames[index])}'."
                        : $"The text has {value.Length} characters; {ProductLimits.OptionValue} are possible.");
                }

                values.Add(value);
            }
            else if (value.Length > 0 && !IsDefaultValue(value, index))
            {
                errors.Add(row.Line, column, $"The product has no option {index + 1}: its first row (line {first.Line}) has to name it.");
            }
        }

        return values;
    }

    private static ShopifyVariant Variant(ShopifyRow row, List<string> values, string currency, ImportErrors errors)
    {
        var cells = new CellRules(row, currency, errors);
        if (row.IsBlank(ShopifyColumn.Price))
        {
            errors.Add(row.Line, ShopifyColumn.Price, "The price is missing.");
        }

        var policy = cells.Word(ShopifyColumn.InventoryPolicy, "deny", "deny", "continue");
        return new ShopifyVariant
        {
            Line = row.Line,
            OptionValues = values,
            Sku = NullIfBlank(cells.Text(ShopifyColumn.Sku, ProductLimits.Sku)),
            Grams = cells.Grams(),
            InventoryTracker = cells.ExactText(ShopifyColumn.InventoryTracker, ProductLimits.Name),
            Quantity = cells.Quantity(ShopifyColumn.InventoryQuantity),
            InventoryPolicy = policy is null ? null : policy == "continue" ? InventoryPolicy.Continue : InventoryPolicy.Deny,
            FulfillmentService = cells.ExactText(ShopifyColumn.FulfillmentService, ProductLimits.Name),
            Price = cells.Price(ShopifyColumn.Price) ?? Platform.Contracts.Money.Zero(currency),
            CompareAtPrice = cells.Price(ShopifyColumn.CompareAtPrice),
            RequiresShipping = cells.Boolean(ShopifyColumn.RequiresShipping, whenBlank: false),
            IsTaxable = cells.Boolean(ShopifyColumn.Taxable, whenBlank: false),
            Barcode = cells.ExactText(ShopifyColumn.Barcode, ProductLimits.Sku),
            Image = cells.Url(ShopifyColumn.VariantImage),
            WeightUnit = cells.Word(ShopifyColumn.WeightUnit, string.Empty, "g", "kg", "oz", "lb"),
            TaxCode = cells.ExactText(ShopifyColumn.TaxCode, ProductLimits.Name),
            Attributes = Attributes(row, ofTheProduct: false, errors),
        };
    }

    private static List<ShopifyImage> Images(List<ShopifyRow> rows, string currency, ImportErrors errors)
    {
        var images = new List<ShopifyImage>();
        foreach (var row in rows)
        {
            var cells = new CellRules(row, currency, errors);
            var (url, isVariant) = (cells.Url(ShopifyColumn.ImageSource), row == rows[0] || IsVariant(row));
            if (!string.IsNullOrEmpty(url))
            {
                images.Add(new ShopifyImage(row.Line, url, NullIfBlank(cells.ExactText(ShopifyColumn.ImageAltText, ProductLimits.SeoText)), cells.ImagePosition(),
                    isVariant ? [] : Attributes(row, ofTheProduct: false, errors)));
            }
            else if (!isVariant && row.IsBlank(ShopifyColumn.ImageSource))
            {
                errors.Add(row.Line, null, "The row continues the product but has neither a variant nor a picture.");
            }
        }

        if (images.Count > ProductLimits.Images)
        {
            errors.Add(rows[0].Line, ShopifyColumn.ImageSource, $"The product has {images.Count} pictures; {ProductLimits.Images} are possible.");
        }

        return images;
    }

    private static List<string>? Tags(ShopifyRow row, ImportErrors errors)
    {
        if (row[ShopifyColumn.Tags] is not { } text)
        {
            return null;
        }

        var tags = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        if (tags.Count > ProductLimits.Tags || tags.Exists(static tag => tag.Length > ProductLimits.Name))
        {
            errors.Add(row.Line, ShopifyColumn.Tags, $"A product has up to {ProductLimits.Tags} tags of up to {ProductLimits.Name} characters.");
        }

        return tags;
    }

    private static ProductStatus? Status(ShopifyRow row, CellRules cells)
    {
        var isPublished = cells.Boolean(ShopifyColumn.Published, whenBlank: true);
        return cells.Word(ShopifyColumn.Status, string.Empty, "active", "draft", "archived") switch
        {
            "active" => ProductStatus.Active,
            "draft" => ProductStatus.Draft,
            "archived" => ProductStatus.Archived,
            _ => isPublished switch
            {
                true => ProductStatus.Active,
                false => ProductStatus.Draft,
                null => row.Header.Has(ShopifyColumn.Status) ? ProductStatus.Active : null,
            },
        };
    }

    private static IReadOnlyList<ProductAttribute> Attributes(ShopifyRow row, bool ofTheProduct, ImportErrors errors)
    {
        var attributes = row.Attributes(ofTheProduct);
        foreach (var attribute in attributes)
        {
            if (attribute.Value.Length > ProductLimits.AttributeValue)
            {
                errors.Add(row.Line, attribute.Name, $"The text has {attribute.Value.Length} characters; {ProductLimits.AttributeValue} are possible.");
            }
        }

        if (attributes.Count > ProductLimits.Attributes)
        {
            errors.Add(row.Line, null, $"The row has {attributes.Count} filled columns that mean nothing here; {ProductLimits.Attributes} are kept.");
        }

        return attributes;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
