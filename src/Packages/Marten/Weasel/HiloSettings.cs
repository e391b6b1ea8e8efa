namespace Weasel.Core.Sequences;

/// <summary>How integer identities are handed out: a number from the database stands for a block of them.</summary>
public class HiloSettings
{
    /// <summary>The size of a block; default: 1000.</summary>
    public int MaxLo { get; set; } = 1000;

    /// <summary>The name of the sequence; default: the document type.</summary>
    public string? SequenceName { get; set; }

    /// <summary>How often the next block is tried for; default: 30.</summary>
    public int MaxAdvanceToNextHiAttempts { get; set; } = 30;
}
