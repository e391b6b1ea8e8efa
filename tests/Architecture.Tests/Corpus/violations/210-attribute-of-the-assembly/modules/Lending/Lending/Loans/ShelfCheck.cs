namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck;
