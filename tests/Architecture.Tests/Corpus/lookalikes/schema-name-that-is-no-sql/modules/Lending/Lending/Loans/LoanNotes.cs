namespace ModularMonolith.Lending.Loans;

internal sealed class LoanNotes
{
    public static string Hint() => "Select a copy from shelves. You can update it there.";

    public static string Another() => "Delete from shelves what is gone, then tell readers.";

    public static string File() => "shelves.json";
}
