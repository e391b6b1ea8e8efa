using System.Text;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Build(bool all)
    {
        var sql = new StringBuilder("delete from ");
        sql.Append("shelves.mt_doc_copy"); // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
        sql.Append(all ? " where true" : " where false");
        return sql.ToString();
    }
}
