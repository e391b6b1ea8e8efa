namespace ModularMonolith.Readers.Accounts;

internal abstract class ReaderKind
{
    public abstract string Name { get; }
}

internal sealed class AdultReader : ReaderKind
{
    public override string Name => "adult";
}
