namespace ModularMonolith.Readers.Contracts;

/// <summary>A note.</summary>
public abstract record ReaderNote
{
    /// <summary>Its kind.</summary>
    public abstract string Kind { get; }

    /// <summary>How many words it has.</summary>
    public int Words { get; private protected init; }
}

/// <summary>A short one.</summary>
/// <param name="Text">What it says.</param>
public sealed record ShortNote(string Text) : ReaderNote
{
    /// <summary>None.</summary>
    public static readonly ShortNote None = new(string.Empty) { Lines = [] };

    /// <inheritdoc/>
    public override string Kind => "short";

    /// <summary>The lines.</summary>
    public required IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>When it was written.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Raw bytes.</summary>
    public byte[] Raw { get; init; } = [];
}

/// <summary>Marks notes.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NoteAttribute : Attribute
{
    /// <summary>The kind.</summary>
    public Type? Kind { get; set; }
}
