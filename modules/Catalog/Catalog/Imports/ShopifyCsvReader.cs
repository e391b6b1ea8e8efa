using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Reads the rows of a Shopify product CSV whose structure was checked before.</summary>
internal sealed class ShopifyCsvReader : IDisposable
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        Delimiter = ",",
        DetectDelimiter = false,
        IgnoreBlankLines = false,
        Mode = CsvMode.RFC4180,
        TrimOptions = TrimOptions.None,
        BadDataFound = null,
    };

    private readonly CsvParser _parser;

    public ShopifyCsvReader(Stream file) =>
        _parser = new CsvParser(new StreamReader(file, new UTF8Encoding(false, true), true, 1 << 16, leaveOpen: true), Format);

    /// <summary>Reads the first row.</summary>
    /// <param name="errors">Takes what is wrong with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The columns, or null when the file is not a Shopify product CSV.</returns>
    public async Task<ShopifyHeader?> ReadHeaderAsync(ImportErrors errors, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _parser.ReadAsync();
        return ShopifyHeader.Recognise(_parser.Record ?? [], errors);
    }

    /// <summary>Reads the next row that holds anything.</summary>
    /// <param name="header">The columns.</param>
    /// <param name="errors">Takes what is wrong with the rows' form.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The row, or null at the end of the file.</returns>
    public async Task<ShopifyRow?> ReadRowAsync(ShopifyHeader header, ImportErrors errors, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = _parser.RawRow + 1;
            if (!await _parser.ReadAsync())
            {
                return null;
            }

            var cells = _parser.Record!;
            if (Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
            {
                continue;
            }

            if (cells.Length == header.Width)
            {
                return new ShopifyRow(header, line, cells);
            }

            errors.Add(line, null, $"The row has {cells.Length} cells and the header has {header.Width}. A comma or a quotation mark may be missing or too many.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();
}
