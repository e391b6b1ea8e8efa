namespace ModularMonolith.Lending.Loans;

internal sealed partial class ShelfCheck
{
    public static string Harmless() => "nothing here";
}
