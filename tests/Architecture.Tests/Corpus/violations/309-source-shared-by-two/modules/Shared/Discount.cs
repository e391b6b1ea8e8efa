namespace ModularMonolith.Lending.Loans;

internal sealed record Discount(int Percent); // finds: namespaces-follow-folders ""
