using System.Globalization;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Reads the cells of one row by the rules of their columns. A wrong cell is reported and read as if it were blank.</summary>
internal sealed class CellRules(ShopifyRow row, string currency, ImportErrors errors)
{
    /// <summary>The highest quantity.</summary>
    public const int MaximumQuantity = 1_000_000_000;

    // Dividing by a one with many zeros takes the zeros at the end off: 28.00 and 28 are the same weight and are to be stored alike.
    private const decimal One = 1.000000000000000000000000000m;

    public string? Text(ShopifyColumn column, int maximumLength) => Bounded(column, row[column], maximumLength);

    /// <summary>Text that is kept to the last blank.</summary>
    public string? ExactText(ShopifyColumn column, int maximumLength) => Bounded(column, row.Exact(column), maximumLength);

    public bool? Boolean(ShopifyColumn column, bool whenBlank)
    {
        var text = row[column];
        return text switch
        {
            null => null,
            "" => whenBlank,
            _ when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
            _ when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
            _ => Wrong<bool>(column, $"'{Short(text)}' is neither true nor false."),
        };
    }

    public Money? Price(ShopifyColumn column)
    {
        var text = row[column];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return Wrong<Money>(column, $"'{Short(text)}' is not a price. Write digits and a decimal point, for example 42.99.");
        }

        if (value < 0)
        {
            return Wrong<Money>(column, $"A price is 0 or more, not {Short(text)}.");
        }

        if (Math.Ceiling(value) > ProductLimits.Price)
        {
            return Wrong<Money>(column, $"{Short(text)} is more than a price may be.");
        }

        return Money.TryFromMajor(value, currency, out var money)
            ? money.Amount <= ProductLimits.Price ? money : Wrong<Money>(column, $"{Short(text)} is more than a price may be.")
            : Wrong<Money>(column, $"{Short(text)} is not an amount of {currency}, which has {Money.Exponent(currency)} decimal digits.");
    }

    /// <summary>A whole number; Shopify writes a quantity below zero for what was oversold, which is nothing in the warehouse.</summary>
    public int? Quantity(ShopifyColumn column)
    {
        var text = row[column];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value <= MaximumQuantity
            ? Math.Max(value, 0)
            : Wrong<int>(column, $"'{Short(text)}' is not a whole number of at most {MaximumQuantity}.");
    }

    public int? ImagePosition()
    {
        var text = row[ShopifyColumn.ImagePosition];
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : Wrong<int>(ShopifyColumn.ImagePosition, $"'{Short(text)}' is not a position. Positions count from 1.");
    }

    /// <summary>A weight. Shopify converts ounces and pounds to grams with decimals.</summary>
    public decimal? Grams()
    {
        var text = row[ShopifyColumn.Grams];
        if (string.IsNullOrEmpty(text))
        {
            return text is null ? null : 0;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= ProductLimits.WeightGrams
            ? value / One
            : Wrong<decimal>(ShopifyColumn.Grams, $"'{Short(text)}' is not a weight in grams between 0 and {ProductLimits.WeightGrams}.");
    }

    /// <summary>One of a few words, in any case.</summary>
    public string? Word(ShopifyColumn column, string whenBlank, params ReadOnlySpan<string> words)
    {
        var text = row[column];
        if (string.IsNullOrEmpty(text))
        {
            return text is null ? null : whenBlank;
        }

        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        errors.Add(row.Line, column, $"'{Short(text)}' is not one of {string.Join(", ", words!)}.");
        return whenBlank;
    }

    public string? Url(ShopifyColumn column)
    {
        var text = row[column];
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        if (text.Length <= ProductLimits.Url && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp))
        {
            return text;
        }

        errors.Add(row.Line, column, $"'{Short(text)}' is not an address that begins with http:// or https:// and has at most {ProductLimits.Url} characters.");
        return null;
    }

    /// <summary>Quotes a cell in a message.</summary>
    public static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[59]) ? 59 : 60), "…");

    private string? Bounded(ShopifyColumn column, string? text, int maximumLength)
    {
        if (text is null || text.Length <= maximumLength)
        {
            return text;
        }

        errors.Add(row.Line, column, $"The text has {text.Length} characters; {maximumLength} are possible.");
        return string.Empty;
    }

    private T? Wrong<T>(ShopifyColumn column, string detail)
        where T : struct
    {
        errors.Add(row.Line, column, detail);
        return null;
    }
}
