using System.Text;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Build(bool all)
    {
        var sql = new StringBuilder("delete from "); // finds: sql-stays-in-its-schema "shelves.mt_doc_copy"
        sql.Append("shelves.mt_doc_copy");
        sql.Append(all ? " where true" : " where false");
        return sql.ToString();
    }
}
