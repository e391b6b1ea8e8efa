using Npgsql;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static NpgsqlCommand Build(NpgsqlConnection connection) => new("select id from shelves.mt_doc_copy", connection); // finds: sql-stays-in-its-schema "shelves"; package-policy "Npgsql"

    public static NpgsqlBatchCommand Batch() => new("delete from shelves.mt_doc_copy"); // finds: sql-stays-in-its-schema "shelves"

    public static string Path() => new NpgsqlConnectionStringBuilder { SearchPath = "shelves" }.ToString(); // finds: sql-stays-in-its-schema "shelves"
}
