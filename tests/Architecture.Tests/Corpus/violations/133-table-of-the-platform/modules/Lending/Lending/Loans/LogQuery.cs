namespace ModularMonolith.Lending.Loans;

internal sealed class LogQuery
{
    public static string Build() => "select payload from integration.message order by position desc limit 1"; // finds: sql-stays-in-its-schema "integration"
}
