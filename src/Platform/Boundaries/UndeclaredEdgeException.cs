namespace ModularMonolith.Platform.Boundaries;

/// <summary>A module uses a message of a module that it does not declare to depend on; the message says which, and what to do.</summary>
internal sealed class UndeclaredEdgeException(string message) : InvalidOperationException(message);
