namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static ReadOnlySpan<byte> Build() => "select data from shelves.mt_events"u8; // finds: sql-stays-in-its-schema "shelves"
}
