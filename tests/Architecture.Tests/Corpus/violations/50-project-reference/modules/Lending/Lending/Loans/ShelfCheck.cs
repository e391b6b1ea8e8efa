namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    // Nothing here uses what the project may now use, and yet the reference is one.
    public static string Nothing => "nothing"; 
}
