using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Which cell of a row is which column.</summary>
internal sealed class ShopifyHeader
{
    /// <summary>The longest name of a column.</summary>
    public const int MaximumNameLength = 255;

    private readonly int[] _positions;

    private ShopifyHeader(int width, int[] positions, IReadOnlyList<KeyValuePair<string, int>> verbatim)
    {
        Width = width;
        _positions = positions;
        Verbatim = verbatim;
    }

    /// <summary>How many cells a row has.</summary>
    public int Width { get; }

    /// <summary>The columns that are only kept for the next export, with their places.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Verbatim { get; }

    /// <summary>Finds the columns by their names, whatever their order and case.</summary>
    /// <param name="names">The first row.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>The columns, or null when the file cannot be read with them.</returns>
    public static ShopifyHeader? Recognise(IReadOnlyList<string> names, ImportErrors errors)
    {
        var positions = new int[ShopifyColumns.Names.Count];
        Array.Fill(positions, -1);
        var verbatim = new List<KeyValuePair<string, int>>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < names.Count; index++)
        {
            var name = names[index].Trim();
            var isKnown = ShopifyColumns.TryFind(name, out var column);
            if (!IsName(isKnown ? column.Name() : name, index, seen, errors))
            {
                continue;
            }

            if (isKnown)
            {
                positions[(int)column] = index;
            }

            if (!isKnown || column.IsVerbatim())
            {
                verbatim.Add(new KeyValuePair<string, int>(isKnown ? column.Name() : name, index));
            }
        }

        ReportMissing(names, positions, errors);
        return errors.Count == 0 ? new ShopifyHeader(names.Count, positions, verbatim) : null;
    }

    /// <summary>Whether the file has the column.</summary>
    public bool Has(ShopifyColumn column) => _positions[(int)column] >= 0;

    /// <summary>Whether the file has a column that is only kept for the next export.</summary>
    public bool HasVerbatim(string name) => Verbatim.Any(column => string.Equals(column.Key, name, StringComparison.OrdinalIgnoreCase));

    internal int PositionOf(ShopifyColumn column) => _positions[(int)column];

    private static bool IsName(string name, int index, HashSet<string> seen, ImportErrors errors)
    {
        var wrong = name switch
        {
            "" => $"Column {index + 1} has no name.",
            { Length: > MaximumNameLength } => $"The name of column {index + 1} is longer than {MaximumNameLength} characters.",
            _ when !seen.Add(name) => $"The column '{name}' is there twice.",
            _ => null,
        };
        if (wrong is not null)
        {
            errors.Add(1, name.Length is 0 or > MaximumNameLength ? null : name, wrong);
        }

        return wrong is null;
    }

    private static void ReportMissing(IReadOnlyList<string> names, int[] positions, ImportErrors errors)
    {
        var missing = ShopifyColumns.Required.Where(column => positions[(int)column] < 0).Select(column => column.Name()).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (names.Count == 1 && names[0].Contains(';', StringComparison.Ordinal))
        {
            errors.Add(1, null, "The cells are separated by semicolons. Save the file with commas.");
        }
        else if (positions[(int)ShopifyColumn.Handle] < 0)
        {
            errors.Add(1, null, "This is not a Shopify product CSV: the first line has to name the columns Handle, Title, Option1 Name, Option1 Value, Variant Price and so on.");
        }
        else
        {
            missing.ForEach(name => errors.Add(1, name, $"The column '{name}' is missing. Export the products with all columns."));
        }
    }
}

/// <summary>One row of a Shopify product CSV.</summary>
internal sealed class ShopifyRow(ShopifyHeader header, int line, string[] cells)
{
    /// <summary>Where the row begins, as a text editor counts.</summary>
    public int Line { get; } = line;

    public ShopifyHeader Header { get; } = header;

    /// <summary>The cell without surrounding blanks; null when the file lacks the column.</summary>
    public string? this[ShopifyColumn column] => Exact(column)?.Trim();

    /// <summary>The cell as it stands in the file; null when the file lacks the column.</summary>
    public string? Exact(ShopifyColumn column) => Header.PositionOf(column) is >= 0 and var position ? cells[position] : null;

    public bool IsBlank(ShopifyColumn column) => string.IsNullOrWhiteSpace(Exact(column));

    /// <summary>What the row holds in columns that are only kept, without the empty ones.</summary>
    /// <param name="ofTheProduct">True for the columns that say something about the whole product, false for the others.</param>
    public IReadOnlyList<ProductAttribute> Attributes(bool ofTheProduct)
    {
        List<ProductAttribute>? kept = null;
        foreach (var (name, position) in Header.Verbatim)
        {
            if (cells[position].Length > 0 && ShopifyColumns.IsOfTheProduct(name) == ofTheProduct)
            {
                (kept ??= []).Add(new ProductAttribute(name, cells[position]));
            }
        }

        return kept ?? [];
    }

    /// <summary>How much memory the row takes, roughly: its characters.</summary>
    public int Length => cells.Sum(static cell => cell.Length);
}
