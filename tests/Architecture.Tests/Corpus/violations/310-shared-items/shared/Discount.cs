namespace ModularMonolith.Shared;

internal enum Discount
{
    None,
}
