using System.Globalization;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Build(string column)
    {
        return string.Format(CultureInfo.InvariantCulture, "select {0} from {1}.mt_doc_copy", column, "shelves"); // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
    }
}
