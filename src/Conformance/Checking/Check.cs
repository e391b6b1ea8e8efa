namespace ModularMonolith.Conformance.Checking;

/// <summary>The check of one convention.</summary>
/// <param name="Number">The convention's number.</param>
/// <param name="Title">The convention.</param>
/// <param name="Writes">Whether it makes or changes something where all is well.</param>
/// <param name="Run">Does it, and says what was done; throws where the convention is not kept or cannot be shown.</param>
internal sealed record Check(int Number, string Title, bool Writes, Func<Probe, Task<string>> Run)
{
    /// <summary>One that requests cannot show.</summary>
    public static Check NotFromOutside(int number, string title, string reason) => new(number, title, false, _ => throw new NotShownException(reason));
}

/// <summary>The convention is not kept; the message says what was expected and seen.</summary>
internal sealed class NotKeptException(string message) : Exception(message);

/// <summary>The check cannot be done here; the message says why.</summary>
internal sealed class NotShownException(string message) : Exception(message);
