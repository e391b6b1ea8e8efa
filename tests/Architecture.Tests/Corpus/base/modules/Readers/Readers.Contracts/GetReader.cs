using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A reader, as far as others need to know.</summary>
/// <param name="Id">The reader.</param>
public sealed record GetReader(Guid Id) : IQuery<ReaderView>;

/// <summary>The answer.</summary>
/// <param name="Id">The reader.</param>
/// <param name="Standing">Whether copies are lent to them.</param>
public sealed record ReaderView(Guid Id, ReaderStanding Standing);

/// <summary>Whether copies are lent to a reader.</summary>
public enum ReaderStanding
{
    /// <summary>They are.</summary>
    Good,

    /// <summary>Something has to be paid first.</summary>
    Owing,
}

/// <summary>What readers are called by.</summary>
public static class ReaderLimits
{
    /// <summary>How many copies a reader may have at home.</summary>
    public const int CopiesAtMost = 12;
}
