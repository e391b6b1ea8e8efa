using Marten;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanMapping
{
    public static void Map(StoreOptions options) => options.Schema.For<Loan>().DatabaseSchemaName("shelves"); // finds: sql-stays-in-its-schema "shelves"

    public static void MapEvents(StoreOptions options) => options.Events.DatabaseSchemaName = "shelves"; // finds: sql-stays-in-its-schema "shelves"
}
