namespace ModularMonolith.Catalog.Imports;

/// <summary>One thing that is wrong in an imported file.</summary>
/// <param name="Line">The line as a text editor counts it, from 1; a row with line breaks in quotes has several lines, and this is its first.</param>
/// <param name="Column">The column's name; null when the whole row or the whole file is meant.</param>
/// <param name="Detail">What is wrong, and what would be right.</param>
internal sealed record ImportError(int Line, string? Column, string Detail);

/// <summary>Collects what is wrong in a file: all of it is counted, the first part is kept.</summary>
internal sealed class ImportErrors
{
    /// <summary>How many errors are kept for the answer.</summary>
    public const int Kept = 1_000;

    private readonly List<ImportError> _errors = [];

    /// <summary>How many errors there are, kept or not.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<ImportError> All => _errors;

    public void Add(int line, ShopifyColumn column, string detail) => Add(line, column.Name(), detail);

    public void Add(int line, string? column, string detail)
    {
        Count++;
        if (_errors.Count < Kept)
        {
            _errors.Add(new ImportError(line, column, detail));
        }
    }
}

/// <summary>The file is not CSV text at all from some line on, so that nothing behind it can be judged.</summary>
internal sealed class CsvFormatException(int line, string detail) : Exception(detail)
{
    public int Line { get; } = line;
}
