namespace ModularMonolith.Lending.Loans;

internal static class LoanFiles
{
    public static string Copy(string folder) => Path.Combine(folder, "shelves.copy");

    public static string Host() => "shelves.internal.example.org";

    public static string Permission() => "shelves:manage";
}
