namespace ModularMonolith.Readers.Tests;

public sealed class ClockTests
{
    public static string Sql() => "select * from shelves.mt_doc_copy";

    public static Guid Id() => Guid.NewGuid();
}
