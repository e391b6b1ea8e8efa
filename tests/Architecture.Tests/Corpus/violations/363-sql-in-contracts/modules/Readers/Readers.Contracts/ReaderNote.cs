namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
public static class ReaderTables
{
    /// <summary>Where loans are.</summary>
    public const string Loans = "select data from lending.mt_doc_loan"; // finds: sql-stays-in-its-schema "lending"
}
