namespace ModularMonolith.Careless.Elsewhere;

internal sealed class Misplaced
{
    public int One() => 1;
}
