namespace ModularMonolith.Lending.Loans;

[System.ComponentModel.DataAnnotations.Schema.Table("mt_doc_copy", Schema = "shelves")] 
internal sealed class ShelfCopy // finds: sql-stays-in-its-schema "shelves"
{
    public Guid Id { get; init; }
}
