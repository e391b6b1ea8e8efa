namespace ModularMonolith.Readers.Contracts;

/// <summary>Knows readers.</summary>
public abstract class ReaderBook
{
    /// <summary>How many there are.</summary>
    public abstract int Count(); // finds: contracts-hold-no-behaviour ""
}
