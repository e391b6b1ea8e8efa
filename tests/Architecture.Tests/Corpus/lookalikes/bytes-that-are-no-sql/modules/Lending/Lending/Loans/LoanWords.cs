namespace ModularMonolith.Lending.Loans;

internal static class LoanWords
{
    public static ReadOnlySpan<byte> Greeting => "Please select a copy from shelves."u8;

    public static ReadOnlySpan<byte> Magic => [115, 101, 108, 101, 99, 116, 255, 254];
}
