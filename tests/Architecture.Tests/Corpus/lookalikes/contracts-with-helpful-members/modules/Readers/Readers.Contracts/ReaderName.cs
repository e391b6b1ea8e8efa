namespace ModularMonolith.Readers.Contracts;

/// <summary>A name in its parts.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one.</param>
public readonly record struct ReaderName(string First, string Last) : IComparable<ReaderName>
{
    /// <summary>Both.</summary>
    public string Full => First + " " + Last;

    /// <inheritdoc/>
    public int CompareTo(ReaderName other) => string.CompareOrdinal(Full, other.Full);
}
