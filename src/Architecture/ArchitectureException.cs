namespace ModularMonolith.Architecture;

/// <summary>The architecture cannot be read or judged; the message says what is wrong and what to do.</summary>
/// <param name="message">A sentence for a person.</param>
public sealed class ArchitectureException(string message) : Exception(message);
